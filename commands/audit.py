"""`thamdinh audit verify`: the chain of events, link by link."""

import argparse

from commands.database import looking
from settings import Settings

NAME = "audit"
HELP = "kiểm tra chuỗi nhật ký"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`verify`."""
    acts = parser.add_subparsers(metavar="VIỆC", required=True)
    acts.add_parser("verify", help="tính lại từng mắt xích; đứt ở đâu thì nói ở đó, mã thoát 1")


def run(_args: argparse.Namespace, settings: Settings) -> int:
    """Print the first break of each chain, or that there is none."""
    from workflow.auditing import breaks

    with looking(settings) as session:
        found = list(breaks(session))
    for broken in found:
        print(broken)
    print(f"{len(found)} chuỗi bị đứt" if found else "mọi chuỗi đều liền")
    return 1 if found else 0
