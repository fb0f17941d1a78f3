"""The parser of the command line, in Vietnamese: what argparse says by itself is said here in the words of the project."""

import argparse
import errno
import os
import re
from collections.abc import Iterable
from typing import Any, NoReturn

SAID = (
    (r"the following arguments are required: (.+)", r"thiếu tham số: \1"),
    (r"one of the arguments (.+) is required", r"cần một trong các tham số: \1"),
    (r"unrecognized arguments: (.+)", r"không hiểu tham số: \1"),
    (r"argument (.+?): not allowed with argument (.+)", r"tham số \1 không dùng cùng \2"),
    (r"argument (.+?): invalid choice: (.+) \(choose from (.+)\)", r"tham số \1: không có \2; chọn một trong \3"),
    (r"argument (.+?): invalid \w+ value: (.+)", r"tham số \1: giá trị \2 không hợp lệ"),
    (r"argument (.+?): expected (?:at least )?(?:one argument|\d+ arguments?)", r"tham số \1: thiếu giá trị"),
    (r"argument (.+?): (.+)", r"tham số \1: \2"),
)
"""What argparse says when it is misused, and how it is said here."""
BROKEN = {
    errno.EADDRINUSE: "địa chỉ hoặc cổng đang được dùng",
    errno.ENOENT: "không có tệp hoặc thư mục này",
    errno.EACCES: "không có quyền đọc hoặc ghi",
    errno.EISDIR: "đây là thư mục, không phải tệp",
    errno.ENOTDIR: "đây không phải thư mục",
    errno.ENOSPC: "hết chỗ trên đĩa",
    errno.EROFS: "nơi này chỉ đọc được",
    errno.ECONNREFUSED: "không nối được tới máy chủ",
}
"""What the system says by number; other numbers keep the system's own words."""


class Formatter(argparse.HelpFormatter):
    """Says "cách dùng:" where argparse says "usage:"."""

    def add_usage(self, usage: str | None, actions: Iterable[argparse.Action], groups: Iterable[Any], prefix: str | None = None) -> None:
        """Add the line of usage."""
        super().add_usage(usage, actions, groups, "cách dùng: " if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """An argument parser whose own words are Vietnamese; subparsers are of the same kind."""

    def __init__(self, **about: Any) -> None:  # noqa: ANN401  (argparse's own)
        """Take what argparse takes, without abbreviations."""
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=Formatter, **about)
        self._positionals.title, self._optionals.title = "tham số", "tùy chọn"
        self.add_argument("-h", "--help", action="help", help="in lời giải thích này")

    def error(self, message: str) -> NoReturn:
        """Say how it is used and what is wrong, and exit 2."""
        self.exit(2, f"{self.format_usage()}{self.prog}: {in_vietnamese(message)}\n")


def in_vietnamese(message: str) -> str:
    """Return argparse's sentence in Vietnamese; one that is not known stays as it is."""
    for english, ours in SAID:
        if re.fullmatch(english, message, re.DOTALL):
            return re.sub(english, ours, message, flags=re.DOTALL)
    return message


def cause(broken: OSError) -> str:
    """Return why the system refused, after the file it is about."""
    said = BROKEN.get(broken.errno or 0, broken.strerror or str(broken))
    return f"{os.fsdecode(broken.filename)}: {said}" if broken.filename else said
