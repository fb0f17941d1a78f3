"""`thamdinh`, the command line: one file per command, listed here; it turns answers into lines and exit codes."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Protocol

from commands import (
    assessment,
    audit,
    catalogue,
    db,
    demo,
    doctor,
    invariants,
    organisation,
    results,
    scheduler,
    serve,
    simulate,
    user,
    verify,
    worker,
)
from commands.parser import Parser, cause
from settings import Settings, SettingsError
from states.refusal import NotFound, Refused

DONE, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130


class Command(Protocol):
    """What the module of a command holds."""

    NAME: str
    HELP: str

    def add_arguments(self, parser: argparse.ArgumentParser, /) -> None:
        """Declare the arguments; imports of weight wait until `run`."""

    def run(self, args: argparse.Namespace, settings: Settings, /) -> int:
        """Do it and return the exit code: 0 done, 1 the answer is no. Raises Refused."""


COMMANDS: tuple[Command, ...] = (
    demo, serve, worker, scheduler, db, catalogue, organisation, user, assessment, simulate, results, verify, audit, invariants, doctor,
)  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Wrong usage and wrong settings exit 2, a refusal 1; each problem is one line on the error output."""
    args = _parser().parse_args(argv)
    code, lines = FAILED, []
    try:
        code = int(args.command.run(args, Settings.read()))
        sys.stdout.flush()
    except SettingsError as wrong:
        code, lines = MISUSED, str(wrong).splitlines()
    except Refused as refused:
        lines = [str(problem) for problem in refused.problems]
    except NotFound:
        lines = ["không tìm thấy"]
    except BrokenPipeError:  # whoever read us has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as broken:
        lines = [cause(broken)]
    except KeyboardInterrupt:
        code = INTERRUPTED
    for line in lines:
        print(f"thamdinh: {line}", file=sys.stderr)
    return code


def _parser() -> Parser:
    parser = Parser(prog="thamdinh", description="Thẩm định: đánh giá hằng năm các cơ quan nhà nước.")
    names = parser.add_subparsers(title="các lệnh", metavar="LỆNH", required=True)
    for command in COMMANDS:
        own = names.add_parser(command.NAME, help=command.HELP, description=command.HELP)
        command.add_arguments(own)
        own.set_defaults(command=command)
    return parser


if __name__ == "__main__":
    sys.exit(main())
