"""`thamdinh verify`: anybody recomputes a published result, offline, from its bundle alone."""

import argparse
from pathlib import Path

from settings import Settings
from states.refusal import Problem, Refused

NAME = "verify"
HELP = "tính lại một bộ dữ liệu đã công bố, không cần mạng"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The bundle."""
    parser.add_argument("file", type=Path, metavar="TỆP.zip")


def run(args: argparse.Namespace, _settings: Settings) -> int:
    """Say that everything agrees, or print the first difference and exit 1."""
    from workflow.verify import Unreadable, seal_of, verify_bundle

    content = args.file.read_bytes()
    try:
        difference = next(verify_bundle(content), None)
    except Unreadable as wrong:
        raise Refused(Problem(str(wrong), str(args.file))) from wrong
    if difference is None:
        print(f"KHỚP: tổng điểm, tỷ lệ, thứ hạng và mọi bảng đều đúng. So dấu niêm với trang công bố: {seal_of(content)}")
        return 0
    print(f"KHÔNG KHỚP: {difference}")
    return 1
