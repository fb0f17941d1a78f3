"""`K/cham-diem/<code>`: the grid of one indicator, a row for each unit, the chosen row's documents beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from states.items import VERDICT_LABELS
from states.permissions import may
from states.refusal import NotFound
from web.cases.replies import Told
from web.grading.blueprint import blueprint
from web.language import say
from web.routing import page
from web.security import is_fetch
from workflow.actor import Actor
from workflow.sheets.grid import FILTERS, Grid, grading_grid
from workflow.sheets.grid_panel import Panel, grid_panel


@dataclass(frozen=True, slots=True)
class Looked:
    """How one looks at a grid: the round, the filter, the search and the chosen row, as the address says."""

    round: int = 0
    filter: str = ""
    typed: str = ""
    unit: str = ""

    @classmethod
    def at(cls, values: Mapping[str, str]) -> "Looked":
        """Read the address (or the hidden fields that carry it through a form)."""
        number = values.get("vong", "")
        return cls(int(number) if number in {"1", "2"} else 0, values.get("loc", ""), values.get("q", ""), values.get("don-vi", ""))

    def words(self, **other: str | int) -> dict[str, str]:
        """Return the parameters of the address, some of them changed."""
        named = {"vong": self.round or "", "loc": self.filter, "q": self.typed, "don-vi": self.unit} | {
            name.replace("_", "-"): value for name, value in other.items()
        }
        return {name: str(value) for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What did not go: the row, what was typed, the problems, and (for a clash) the present grade."""

    unit: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: Told = field(default_factory=list)
    clash: Any = None
    opened: str = ""
    """The part of the panel in which it was typed: `na`, `question`, `contact`."""


@page(blueprint, "/ky/<assessment>/cham-diem/<code>", action="see_queue")
def grid(session: Session, actor: Actor, assessment: str, code: str) -> ResponseReturnValue:
    """Show the grid; to the page's own script, only the panel of the chosen row."""
    looked = Looked.at(request.args)
    if is_fetch() and looked.unit:
        panel = _panel(session, actor, assessment, code, looked)
        return render_template("grading/panel.html", panel=panel, trouble=Trouble(), **about(actor, assessment, code, looked))
    return grid_page(session, actor, assessment, code, looked)


def grid_page(session: Session, actor: Actor, assessment: str, code: str, looked: Looked, trouble: Trouble | None = None) -> str:
    """Return the page, with what did not go at its row."""
    sheet = grading_grid(session, actor, assessment, code, looked.round)
    panel = _panel(session, actor, assessment, code, looked) if looked.unit else None
    return render_template(
        "grading/grid.html", sheet=sheet, rows=_rows(sheet, looked), counts=_counts(sheet), panel=panel, trouble=trouble or Trouble(),
        **about(actor, assessment, code, looked),
    )  # fmt: skip


def live_parts(session: Session, actor: Actor, assessment: str, code: str, looked: Looked, units: Sequence[str]) -> str:
    """Return the parts of the page that a save changed: its rows, those that others changed lately, counts, bar and panel."""
    sheet = grading_grid(session, actor, assessment, code, looked.round)
    rows = [row for row in sheet.rows if row.unit in units or row.unit in sheet.lately]
    panel = _panel(session, actor, assessment, code, looked) if looked.unit else None
    return render_template(
        "grading/live.html", sheet=sheet, rows=rows, counts=_counts(sheet), panel=panel, trouble=Trouble(),
        **about(actor, assessment, code, looked),
    )  # fmt: skip


def grid_address(assessment: str, code: str, looked: Looked, **other: str | int) -> str:
    """Return the address of a grid as it is looked at, some of it changed (`don_vi=…`); a chosen row is scrolled to."""
    words = looked.words(**other)
    place = f"#hang-{words['don-vi']}" if "don-vi" in words else ""
    path = url_for("grading.grid", assessment=assessment, code=code)
    return path + (f"?{urlencode(words)}" if words else "") + place


def about(actor: Actor, assessment: str, code: str, looked: Looked) -> dict[str, Any]:
    """Return what the page and every fragment of it need: addresses, words, and what the role may do."""

    def here(**other: str | int) -> str:
        return grid_address(assessment, code, looked, **other)

    return {
        "assessment": assessment, "code": code, "looked": looked, "here": here, "verdicts": list(VERDICT_LABELS.items()),
        "verdict_choices": [(word.value, say(label)) for word, label in VERDICT_LABELS.items()],
        "may_sign": may(actor.role, "sign_off"), "for_council": may(actor.role, "grade_for_council"),
    }  # fmt: skip


def _panel(session: Session, actor: Actor, assessment: str, code: str, looked: Looked) -> Panel | None:
    try:
        return grid_panel(session, actor, assessment, code, looked.unit)
    except NotFound:
        return None


def _rows(sheet: Grid, looked: Looked) -> list[Any]:
    return sheet.chosen(looked.filter, looked.typed)


def _counts(sheet: Grid) -> dict[str, int]:
    return {name: sheet.count(name) for name in FILTERS}
