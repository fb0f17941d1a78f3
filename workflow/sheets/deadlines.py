"""The calendar of an assessment with every extension: what all units may read, and what the secretariat does with it (rules section 5)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.tables import Assessment, Case, Extension, Organisation
from states.acts import BY_NAME as ACTS
from states.clocks import CLOCK_LABELS, LOCKING, Clock
from states.moves import MOVES
from states.permissions import may
from states.policies import policy_value
from states.refusal import NotFound
from workflow.access import assessment_by_slug, refuse_unopened
from workflow.actor import Actor
from workflow.calendar import Calendar, calendar_of, special_days
from workflow.clock import working_now
from workflow.extending import EXTENDABLE, clock_of
from workflow.publishing import is_public

READING = ("see_deadlines", "see_case", "see_queue")
"""The actions any of which opens the calendar: an extension is visible to every unit, and to who grades."""
LABELS = {**{move.trigger: move.label for move in MOVES}, "extend": ACTS["extend"].label}


@dataclass(frozen=True, slots=True)
class StageLine:
    """One date of the calendar for everybody; none for a clock that starts with each case."""

    clock: Clock
    label: str
    until: datetime | None
    over: bool
    locks: bool
    extended: int
    """How many cases have a later date of their own."""


@dataclass(frozen=True, slots=True)
class ExtensionLine:
    """One time given to one unit."""

    unit: str
    name: str
    stage: str
    act: str
    before: datetime | None
    until: datetime
    reason: str
    at: datetime
    by_move: bool
    """Whether it came with a move (sent back, reopened)."""
    running: bool
    """Whether it is the date that holds now, and lies ahead."""


@dataclass(frozen=True, slots=True)
class Extendable:
    """A case that could get more time now, for the form."""

    unit: str
    name: str
    stage: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class DeadlinesSheet:
    """The page of the calendar."""

    slug: str
    year: int
    title: str
    trial: bool
    state: str
    now: datetime
    opens: date | None
    stages: tuple[StageLine, ...]
    explanation_days: int
    special_days: tuple[tuple[date, bool], ...]
    """Days off, or worked instead, beyond the calendar of Vietnam: (day, worked)."""
    extensions: tuple[ExtensionLine, ...]
    extendable: tuple[Extendable, ...]
    manages: bool
    """Whether the reader also sees who is reminded, and the mail log."""
    extends: bool
    published: bool
    """The result is public: nothing runs any more."""


def deadlines_sheet(session: Session, actor: Actor, slug: str) -> DeadlinesSheet:
    """Return the calendar as the actor may see it; seven statements."""
    assessment = assessment_by_slug(session, slug)
    if not any(may(actor.role, action) for action in READING) or actor.assessment_id not in {None, assessment.id}:
        raise NotFound
    refuse_unopened(actor, assessment)
    now, calendar = working_now(session), calendar_of(session, assessment.id)
    extends = may(actor.role, "extend") and assessment.state == "open"
    opens = assessment.calendar.get("opens")
    return DeadlinesSheet(
        slug, assessment.year, assessment.title, assessment.trial, assessment.state, now, date.fromisoformat(opens) if opens else None,
        _stages(session, assessment, calendar, now), int(policy_value(assessment.policies, "explanation_working_days")),
        special_days(session, assessment.id), _extensions(session, actor, assessment, calendar, now),
        _extendable(session, actor, assessment, calendar) if extends else (), may(actor.role, "see_deadlines"), extends,
        is_public(session, assessment.id),
    )  # fmt: skip


def _stages(session: Session, assessment: Assessment, calendar: Calendar, now: datetime) -> tuple[StageLine, ...]:
    query = select(Extension.stage, func.count(Extension.case_id.distinct())).join(Case, Case.id == Extension.case_id)
    query = query.where(Case.assessment_id == assessment.id, Extension.act == "extend").group_by(Extension.stage)
    extended: dict[str, int] = dict(session.execute(query).all())
    made = []
    for clock in Clock:
        until = calendar.until(clock)
        over = until is not None and until <= now
        made.append(StageLine(clock, CLOCK_LABELS[clock], until, over, clock in LOCKING, extended.get(clock, 0)))
    return tuple(made)


def _extensions(session: Session, actor: Actor, assessment: Assessment, calendar: Calendar, now: datetime) -> tuple[ExtensionLine, ...]:
    """Return every extension; what was given with a move (sent back, reopened) is for that unit and for who manages, never for rivals."""
    query = (
        select(Extension, Organisation.code, Organisation.name)
        .join(Case, Case.id == Extension.case_id)
        .join(Organisation, Organisation.id == Case.unit_id)
        .where(Case.assessment_id == assessment.id)
        .order_by(Extension.id.desc())
    )
    if not may(actor.role, "see_deadlines"):
        query = query.where(or_(Extension.act == "extend", Case.unit_id == actor.organisation_id))
    elif actor.organisations:
        query = query.where(or_(Extension.act == "extend", Case.unit_id.not_in(actor.organisations)))
    return tuple(
        ExtensionLine(
            unit, name, CLOCK_LABELS[Clock(one.stage)], LABELS[one.act], one.before_at, one.until_at, one.reason, one.at,
            one.act != "extend",
            one.until_at > now and calendar.until(Clock(one.stage), one.case_id) == one.until_at,
        )
        for one, unit, name in session.execute(query)
    )  # fmt: skip


def _extendable(session: Session, actor: Actor, assessment: Assessment, calendar: Calendar) -> tuple[Extendable, ...]:
    """Return the cases that are under a clock; never the own organisation's."""
    query = select(Case, Organisation).join(Organisation, Organisation.id == Case.unit_id)
    query = query.where(Case.assessment_id == assessment.id, Case.excluded_at.is_(None), Case.state.in_(EXTENDABLE))
    if actor.organisations:
        query = query.where(Case.unit_id.not_in(actor.organisations))
    return tuple(
        Extendable(unit.code, unit.name, CLOCK_LABELS[clock], calendar.until(clock, case.id))
        for case, unit in session.execute(query.order_by(Organisation.sort_key))
        if (clock := clock_of(case)) is not None
    )
