"""CSV as open data wants it (RFC 4180, UTF-8 with BOM, dot decimals), with text that no spreadsheet takes for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What spreadsheets read as the start of a formula, full-width signs included (security.md F10)."""

Cell = str | int | Decimal | None


def guarded(text: str) -> str:
    """Return the text with an apostrophe before it where a spreadsheet would run it."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) or text.lstrip().startswith(FORMULA_SIGNS) else text


def unguarded(text: str) -> str:
    """Return what was written before `guarded`; for those who read the file back."""
    return text[1:] if text.startswith("'") and guarded(text[1:]) == text else text


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return the file. Nothing is written for None; numbers keep their dot, which every program reads."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_written(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    return guarded(cell) if isinstance(cell, str) else str(cell)


def points_as_decimal(points: int | None, decimals: int = 2) -> Decimal | None:
    """Return ten-thousandths of a point as a decimal with the digits the catalogue prints ("276.06")."""
    return None if points is None else Decimal(points).scaleb(-4).quantize(Decimal(1).scaleb(-decimals))


def percent_as_decimal(hundredths: int | None) -> Decimal | None:
    """Return hundredths of a percent as a decimal ("92.02")."""
    return None if hundredths is None else Decimal(hundredths).scaleb(-2)
