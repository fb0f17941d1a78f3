"""XLSX files: every text is written as text, every number as a number; head row fixed, ready to print."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import xlsxwriter

FORMATS = {
    "text": {"text_wrap": True, "valign": "top"},
    "points": {"num_format": "#,##0.00", "valign": "top"},
    "percent": {"num_format": "0.00%", "valign": "top"},
    "whole": {"num_format": "0", "valign": "top"},
}
SCALE = {"points": 10_000, "percent": 10_000}
"""Points come in ten-thousandths, percents in hundredths of a percent."""
STEADY = datetime(2000, 1, 1, tzinfo=UTC)
"""The creation date of every file: the same content makes the same bytes."""

Cell = str | int | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its title, its width in letters, and what its numbers are (a key of `FORMATS`; text stays text in any)."""

    title: str
    width: int = 12
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet: lines of explanation on top, then the table. The first `fixed` columns stay in sight."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    lines: Sequence[str] = ()
    fixed: int = 1


def make_workbook(title: str, sheets: Iterable[Sheet], foot: str = "") -> bytes:
    """Return the file; `foot` is printed on every page (who took it, when: a draft that leaks names its reader)."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"title": title, "created": STEADY.replace(tzinfo=None)})
    styles = {kind: book.add_format(look) for kind, look in FORMATS.items()}
    styles["head"] = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1, "bg_color": "#EBEDF0"})
    styles["line"] = book.add_format({"bold": True})
    for sheet in sheets:
        _write(book.add_worksheet(sheet_name(sheet.name)), sheet, styles, foot)
    book.close()
    return out.getvalue()


def sheet_name(name: str) -> str:
    """Return a name Excel takes: at most 31 letters, none of its seven signs."""
    return "".join(" " if sign in "[]:*?/\\" else sign for sign in name)[:31].strip() or "1"


def _write(page: Any, sheet: Sheet, styles: dict[str, Any], foot: str) -> None:  # noqa: ANN401  (XlsxWriter has no types)
    top = len(sheet.lines)
    for row, line in enumerate(sheet.lines):
        page.write_string(row, 0, line, styles["line"] if row == 0 else None)
    for column, about in enumerate(sheet.columns):
        page.set_column(column, column, about.width)
        page.write_string(top, column, about.title, styles["head"])
    for row, cells in enumerate(sheet.rows, start=top + 1):
        for column, cell in enumerate(cells):
            _write_cell(page, (row, column), cell, sheet.columns[column].kind, styles)
    page.freeze_panes(top + 1, sheet.fixed)
    page.repeat_rows(top)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_footer(f"&L{foot.replace('&', '&&')}&R&P/&N")


def _write_cell(page: Any, at: tuple[int, int], cell: Cell, kind: str, styles: dict[str, Any]) -> None:  # noqa: ANN401
    if isinstance(cell, str):
        page.write_string(*at, cell, styles["text"])
    elif cell is not None:
        page.write_number(*at, cell / SCALE.get(kind, 1), styles[kind])
