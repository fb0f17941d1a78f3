"""How commands print: a table for people, JSON for programs."""

import json
from collections.abc import Mapping, Sequence


def print_json(value: object) -> None:
    """Print one JSON value, readable and with Vietnamese as it is."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def print_rows(rows: Sequence[Mapping[str, object]], *, as_json: bool) -> None:
    """Print rows with the same columns: as a JSON list, or aligned under the names of the columns."""
    if as_json:
        print_json(list(rows))
        return
    if not rows:
        print("(chưa có)")
        return
    table = [list(rows[0]), *([_cell(value) for value in row.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "✓" if value else ""
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)
