"""The check list before handing in: what must be mended, what is worth a second look, and what would be handed in."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Membership, Person
from states.clocks import local_day
from states.refusal import NotFound, Problem
from states.roles import Role
from states.words import N_
from workflow.actor import Actor
from workflow.outbox import valid_on
from workflow.sheets.case import CaseSheet, make_case_sheet
from workflow.sheets.lines import ItemLine
from workflow.sheets.offers import Offer
from workflow.sheets.proofs import size_of_shelf
from workflow.sheets.view import View, open_view

FULL_MARKS = N_("Bình thường nếu đủ minh chứng. Bên chấm sẽ xem kỹ các mục này.")


@dataclass(frozen=True, slots=True)
class Look:
    """Something that does not stand in the way but deserves a second look; it links to its first item."""

    lines: tuple[ItemLine, ...]
    text: Problem


@dataclass(frozen=True, slots=True)
class Checklist:
    """What the head sees before submitting. `submit` is the button of the law, none for whom it is not."""

    case: CaseSheet
    to_mend: tuple[ItemLine, ...]
    to_look_at: tuple[Look, ...]
    documents: int
    bytes: int
    submit: Offer | None
    heads: tuple[str, ...]
    """Who can submit, by name; told to those who cannot."""


def checklist(session: Session, actor: Actor, slug: str, unit: str) -> Checklist:
    """Return the check list of a case, for its unit."""
    view = open_view(session, actor, slug, unit)
    if not view.own:
        raise NotFound
    case = make_case_sheet(session, view)
    full = tuple(line for line in case.lines if line.status == "done" and line.self_points == line.maximum)
    documents, size = size_of_shelf(session, view)
    submit = next((offer for offer in case.offers if offer.trigger == "submit"), None)
    return Checklist(
        case, tuple(line for line in case.lines if line.unfinished), (Look(full, Problem(FULL_MARKS)),) if full else (), documents, size,
        submit, () if submit else _heads(session, view),
    )  # fmt: skip


def _heads(session: Session, view: View) -> tuple[str, ...]:
    query = select(Person.name).join(Membership, Membership.person_id == Person.id).where(
        Membership.organisation_id == view.unit.id, Membership.role == Role.UNIT_HEAD, Person.disabled_at.is_(None),
        valid_on(local_day(view.now)),
    )  # fmt: skip
    return tuple(session.scalars(query.distinct().order_by(Person.name)))
