"""`K/hoi-dong`: what waits for the council, part by part, the chosen item closely beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from states.refusal import NotFound, Refused
from web.cases.replies import Told, told
from web.council.blueprint import blueprint
from web.routing import page
from workflow.actor import Actor
from workflow.sheets.council import Council, council_sheet
from workflow.sheets.council_panel import CouncilPanel, council_panel

PROPOSALS, DISPUTES, LEFT, REQUESTS, REROUTED, SECOND = "de-xuat", "tranh-chap", "qua-han", "khong-phat-sinh", "cham-cheo", "vong-2"
FINALISE, CASES, CORRECTIONS = "chot", "ho-so", "dinh-chinh"


@dataclass(frozen=True, slots=True)
class Place:
    """Where on the page one is: the part, and the item that is open beside it."""

    part: str = ""
    unit: str = ""
    code: str = ""

    @classmethod
    def at(cls, values: Mapping[str, str]) -> "Place":
        """Read the address, or the hidden fields that carry it through a form."""
        return cls(values.get("phan", ""), values.get("don-vi", ""), values.get("chi-so", ""))

    def address(self, assessment: str, **other: str) -> str:
        """Return the address of the page, some of it changed."""
        named = {"phan": self.part, "don-vi": self.unit, "chi-so": self.code} | {
            name.replace("_", "-"): value for name, value in other.items()
        }
        words = {name: value for name, value in named.items() if value}
        path = url_for("council.show_council", assessment=assessment)
        return path + (f"?{urlencode(words)}" if words else "")


@dataclass(frozen=True, slots=True)
class Trouble:
    """What did not go: which form (by its act and what it is about), what was typed, the problems."""

    act: str = ""
    about: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: Told = field(default_factory=list)


@page(blueprint, "/ky/<assessment>/hoi-dong", action="see_council")
def show_council(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Show the council's page."""
    return council_page(session, actor, assessment, Place.at(request.args))


def council_page(session: Session, actor: Actor, assessment: str, place: Place, trouble: Trouble | None = None) -> str:
    """Return the page, with what did not go at its form."""
    g.room = "council"
    sheet = council_sheet(session, actor, assessment)
    counts = _counts(sheet)
    part = place.part if place.part in counts else next((name for name, count in counts.items() if count), CASES)
    panel, conflict = _panel(session, actor, assessment, place)
    return render_template(
        "council/page.html", sheet=sheet, part=part, counts=counts, place=Place(part, place.unit, place.code), panel=panel,
        conflict=conflict, trouble=trouble or Trouble(), assessment=assessment, council_members=_members(sheet),
    )  # fmt: skip


def _members(sheet: Council) -> list[tuple[str, str]]:
    """Return everybody who may be named for some cell, for the choice."""
    found = {member.person_id: member for one in sheet.rerouted for member in one.candidates}
    return [(str(member.person_id), f"{member.name} · {member.organisation}") for member in found.values()]


def _counts(sheet: Council) -> dict[str, int]:
    """Return how much each part holds; parts that stay empty for good are left out."""
    counts = {
        PROPOSALS: len(sheet.proposals), DISPUTES: len(sheet.disputes), SECOND: len(sheet.second), REQUESTS: sheet.answered,
        REROUTED: (sheet.unnamed if sheet.may_name else 0) + sheet.mine, CORRECTIONS: len({row.unit for row in sheet.corrections}),
        LEFT: sheet.left_count, FINALISE: len(sheet.ready), CASES: 0,
    }  # fmt: skip
    optional = {CORRECTIONS: counts[CORRECTIONS], FINALISE: sheet.may_finalise}
    return {name: count for name, count in counts.items() if optional.get(name, True)}


def _panel(session: Session, actor: Actor, assessment: str, place: Place) -> tuple[CouncilPanel | None, Told]:
    """Return the open item; of the own organisation's case only the word that there is a conflict."""
    if not place.unit or not place.code:
        return None, []
    try:
        return council_panel(session, actor, assessment, place.unit, place.code), []
    except NotFound:
        return None, []
    except Refused as refused:
        return None, told(refused.problems)
