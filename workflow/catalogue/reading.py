"""Reads and checks a catalogue file: every problem at once, each at its line; and the hashes it is known by."""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from states.refusal import Problem, Refused
from states.words import N_
from workflow.catalogue.checks import cross_check
from workflow.catalogue.content import CatalogueContent
from workflow.catalogue.lines import Lines
from workflow.scoring.reading import Place, read_table

LARGEST = 2 * 1024 * 1024
BARE_DATE = re.compile(r"(?m)^(\s*[\w.\"-]+\s*=\s*)(\d{4}-\d{2}-\d{2})(?=\s*(?:#.*)?$)")

TOO_LARGE = N_("Tệp bộ chỉ số lớn hơn %(most)s byte.")
NOT_UTF8 = N_("Tệp không phải là UTF-8 (byte thứ %(byte)s). Hãy lưu lại dưới dạng UTF-8.")
NOT_TOML = N_("Tệp không đúng cú pháp TOML ở dòng %(line)s; xem dấu ngoặc kép, dấu bằng và mục trùng ở dòng ấy và dòng trước.")


def read_catalogue(data: bytes, name: str = "catalogue.toml") -> CatalogueContent:
    """Return the content of a catalogue file. Refused with every problem of `check_catalogue`."""
    content, problems = _examine(data, name)
    if content is None or problems:
        raise Refused(problems)
    return content


def check_catalogue(data: bytes, name: str = "catalogue.toml") -> list[Problem]:
    """Return all that is wrong with a catalogue file, each with "name:line path" as its place; an empty list is a sound file."""
    return _examine(data, name)[1]


def file_hash(data: bytes) -> str:
    """Return the SHA-256 of the file as it is."""
    return hashlib.sha256(data).hexdigest()


def _examine(data: bytes, name: str) -> tuple[CatalogueContent | None, list[Problem]]:
    try:
        text = _decode(data, name)
        table = _parse(text, name)
    except Refused as refused:
        return None, list(refused.problems)
    lines = Lines(text, name)
    problems: list[Problem] = []
    place = Place((), problems, lines.tell)
    content = read_table(CatalogueContent, table, place)
    cross_check(content, place)
    return content, sorted(problems, key=_line)


def _decode(data: bytes, name: str) -> str:
    if len(data) > LARGEST:
        raise Refused(Problem(TOO_LARGE, name, {"most": LARGEST}))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        raise Refused(Problem(NOT_UTF8, f"{name}:{line}", {"byte": wrong.start + 1})) from None


def _parse(text: str, name: str) -> Mapping[str, Any]:
    """Parse with exact decimals; a bare date that does not exist is left to the schema, so that it hides no other problem."""
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as wrong:
        detail = str(wrong)[:200] or type(wrong).__name__
    try:
        return tomllib.loads(BARE_DATE.sub(r'\1"\2"', text), parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError):
        line = found[1] if (found := re.search(r"line (\d+)", detail)) else text.count("\n") or 1
        raise Refused(Problem(NOT_TOML, f"{name}:{line}", {"line": line})) from None


def _line(problem: Problem) -> int:
    """Return the line a problem was placed at."""
    found = re.search(r":(\d+)", problem.place)
    return int(found[1]) if found else 0
