"""How one looks at a grid, as the address says, and what of a save did not go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import url_for

from web.cases.replies import Told

BY_CASE = "ho-so"
"""What the hidden field `theo` of a form says when it stands in the grid of a case."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One indicator of one unit in an assessment, by their codes."""

    assessment: str
    code: str
    unit: str


@dataclass(frozen=True, slots=True)
class Looked:
    """Which grid (of an indicator, or of a case), the round, the filter, the search and the chosen row."""

    round: int = 0
    filter: str = ""
    typed: str = ""
    row: str = ""
    """The key of the chosen row: the unit, or in the grid of a case the indicator."""
    by_case: bool = False

    @classmethod
    def at(cls, values: Mapping[str, str], *, by_case: bool | None = None) -> "Looked":
        """Read the address (or the hidden fields that carry it through a form)."""
        number = values.get("vong", "")
        case = values.get("theo") == BY_CASE if by_case is None else by_case
        row = values.get("chi-so" if case else "don-vi", "")
        return cls(int(number) if number in {"1", "2"} else 0, values.get("loc", ""), values.get("q", ""), row, case)

    def words(self, **other: str | int) -> dict[str, str]:
        """Return the parameters of the address, some of them changed (`row=…`)."""
        named = {"vong": self.round or "", "loc": self.filter, "q": self.typed, "row": self.row} | other
        row = "chi-so" if self.by_case else "don-vi"
        return {row if name == "row" else name: str(value) for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What did not go: the row, what was typed, the problems, and (for a clash) the present grade."""

    row: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: Told = field(default_factory=list)
    clash: Any = None
    opened: str = ""
    """The part of the panel in which it was typed: `na`, `question`, `contact`."""


def address(cell: Cell, looked: Looked, **other: str | int) -> str:
    """Return the address of the grid as it is looked at, some of it changed (`row=…`); a chosen row is scrolled to."""
    words = looked.words(**other)
    if looked.by_case:
        path, row = url_for("grading.case", assessment=cell.assessment, unit=cell.unit), words.get("chi-so")
    else:
        path, row = url_for("grading.grid", assessment=cell.assessment, code=cell.code), words.get("don-vi")
    return path + (f"?{urlencode(words)}" if words else "") + (f"#hang-{row}" if row else "")
