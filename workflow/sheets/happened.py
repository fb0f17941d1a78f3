"""What happened to a case: its moves and the few acts that everybody concerned may know of, read from the chain of events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Event, Membership, Organisation, Person
from states.acts import BY_NAME
from states.case import CaseState
from states.moves import MOVES, TRIGGERS
from states.roles import Role
from states.words import N_
from workflow.reasons import reasons_of
from workflow.sheets.view import View

KNOWN_TO_ALL = ("send_explanation", "accept_round_1", "extend", "exclude", "readmit")
"""Acts beside the moves that show on the timeline; what is graded, decided or asked before release does not."""
OPENED = N_("Mở hồ sơ")
ACTS = ("open_case", *TRIGGERS, *KNOWN_TO_ALL)
LABELS = {
    "open_case": OPENED, **{move.trigger: move.label for move in MOVES}, **{name: BY_NAME[name].label for name in KNOWN_TO_ALL},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Happened:
    """One fact of the case: when, what, who (role and organisation; the name only where the actor may know it), and the state after it."""

    at: datetime
    act: str
    label: str
    role: Role | None
    organisation: str
    person: str
    state: CaseState | None
    until: datetime | None
    minutes: str
    reason: str = ""
    """Why, in the words of whoever did it; nothing where the act asks for none."""
    decision: str = ""
    """The number of the decision it was done by."""


def timeline(session: Session, view: View) -> tuple[Happened, ...]:
    """Return the facts of the case from the first on; two statements."""
    rows = session.execute(
        select(Event, Membership.role, Membership.organisation_id, Organisation.name, Person.name)
        .outerjoin(Membership, Membership.id == Event.membership_id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .outerjoin(Person, Person.id == Membership.person_id)
        .where(Event.chain == "case", Event.chain_id == view.case.id, Event.act.in_(ACTS))
        .order_by(Event.seq)
    ).all()
    reasons = reasons_of(session, view.case.id)
    facts = [
        _happened(event, role, name or "", person if names_seen(view, organisation_id) else "", (reasons[event.act] or [""]).pop())
        for event, role, organisation_id, name, person in reversed(rows)  # from the newest on: events older than the first reason have none
    ]
    return tuple(reversed(facts))


def names_seen(view: View, organisation_id: int | None) -> bool:
    """Return whether the actor may know who of an organisation did a thing: colleagues, and those who watch over the whole."""
    watches = not view.own and not view.body
    return watches or (organisation_id is not None and organisation_id == view.actor.organisation_id)


def _happened(event: Event, role: str | None, organisation: str, person: str, reason: str) -> Happened:
    payload = event.payload
    return Happened(
        event.at, event.act, LABELS[event.act], Role(role) if role else None, organisation, person or "",
        CaseState(payload["to"]) if "to" in payload else None,
        datetime.fromisoformat(payload["until"]) if payload.get("until") else None, str(payload.get("minutes", "")), reason,
        str(payload.get("decision", "")),
    )  # fmt: skip


def last(facts: Sequence[Happened], act: str) -> Happened | None:
    """Return the newest fact of an act, or nothing."""
    return next((fact for fact in reversed(facts) if fact.act == act), None)
