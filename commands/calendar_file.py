"""Reads the calendar of an assessment from a TOML file, with every problem at its key."""

import re
import tomllib
from dataclasses import MISSING, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from states.refusal import Problem, Refused
from workflow.preparing import Dates


def read_calendar(path: Path) -> Dates:
    """The dates of the file. Refused with all that is missing, unknown or of another kind."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as wrong:
        line = found[1] if (found := re.search(r"line (\d+)", str(wrong))) else "1"
        raise Refused(Problem("không đọc được lịch: sai cú pháp TOML", f"{path}:{line}")) from wrong
    known = {row.name: row for row in fields(Dates)}
    problems = [Problem("không có mục này trong lịch", f"{path}: {key}") for key in table if key not in known]
    for name, row in known.items():
        if name not in table:
            if row.default is MISSING:
                problems.append(Problem("thiếu ngày này", f"{path}: {name}"))
        elif not _fits(row.type, table[name]):
            problems.append(Problem("phải là %(kind)s", f"{path}: {name}", {"kind": KINDS[row.type]}))
    if problems:
        raise Refused(problems)
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}
    return Dates(**values)


KINDS: dict[Any, str] = {
    date: "một ngày, viết như 2025-12-31",
    int: "một số nguyên",
    tuple[date, ...]: "danh sách ngày, viết như [2025-12-31]",
}


def _fits(kind: object, value: object) -> bool:
    if kind == tuple[date, ...]:
        return isinstance(value, list) and all(_fits(date, one) for one in value)
    if kind is date:
        return isinstance(value, date) and not isinstance(value, datetime)
    return isinstance(value, int) and not isinstance(value, bool)
