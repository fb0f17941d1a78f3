"""My work, for every role: what waits for the person in this role, by when, and where it is done; the calendar; the notices."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Assessment
from states.clocks import CLOCK_LABELS, Clock
from states.policies import policy_value
from states.refusal import Problem
from states.roles import BODY, UNIT
from workflow.actor import Actor
from workflow.calendar import calendar_of
from workflow.clock import working_now
from workflow.ledger import Notice, notices, unread
from workflow.publishing import is_public
from workflow.sheets.head import AFTER_DECISION, PUBLICATION, WORKING_DAYS, Step
from workflow.sheets.queue import Queue, grading_queue
from workflow.sheets.tasks import Task
from workflow.sheets.work_others import other_tasks, system_tasks
from workflow.sheets.work_unit import UnitWork, unit_work

NOTICES = 8


@dataclass(frozen=True, slots=True)
class SeasonWork:
    """What waits in one assessment; `unit` and `queue` are there for the roles they are about."""

    slug: str
    title: str
    year: int
    trial: bool
    steps: tuple[Step, ...]
    tasks: tuple[Task, ...]
    unit: UnitWork | None = None
    queue: Queue | None = None


@dataclass(frozen=True, slots=True)
class WorkSheet:
    """The home of a role: seasons with their tasks, tasks of the whole house, notices."""

    now: datetime
    seasons: tuple[SeasonWork, ...]
    system: tuple[Task, ...]
    notices: tuple[Notice, ...]
    unread: int

    @property
    def count(self) -> int:
        """How many tasks wait."""
        return len(self.system) + sum(len(season.tasks) for season in self.seasons)


def work_sheet(session: Session, actor: Actor) -> WorkSheet:
    """Return what waits for the actor in the role chosen; the number of statements depends on the seasons only."""
    assert actor.person_id is not None
    now = actor.arrived_at or working_now(session)
    return WorkSheet(
        now, tuple(_seasons(session, actor, now)), system_tasks(session, actor),
        tuple(notices(session, actor.person_id, limit=NOTICES)), unread(session, actor.person_id),
    )  # fmt: skip


def _seasons(session: Session, actor: Actor, now: datetime) -> Iterator[SeasonWork]:
    """Yield the seasons that are open (and for who prepares them, in preparation), the newest first; published ones only with work left."""
    query = select(Assessment).where(Assessment.state != "closed").order_by(Assessment.year.desc(), Assessment.id.desc())
    if actor.assessment_id is not None:
        query = query.where(Assessment.id == actor.assessment_id)
    for assessment in session.scalars(query).all():
        season = SeasonWork(
            assessment.slug, assessment.title, assessment.year, assessment.trial, tuple(_steps(session, assessment, now)), ()
        )  # fmt: skip
        if actor.role in UNIT:
            found = unit_work(session, actor, assessment)
            if found is not None and (found.tasks or not is_public(session, assessment.id)):
                yield replace(season, steps=found.steps, tasks=found.tasks, unit=found)
        else:
            tasks = tuple(other_tasks(session, actor, assessment, now))
            if tasks or not is_public(session, assessment.id):
                grades = actor.role in BODY and assessment.state == "open"
                yield replace(season, tasks=tasks, queue=grading_queue(session, actor, assessment.slug) if grades else None)


def _steps(session: Session, assessment: Assessment, now: datetime) -> Iterator[Step]:
    """Yield the calendar of a season: what is over, what runs, what comes."""
    calendar = calendar_of(session, assessment.id, [])
    days = policy_value(assessment.policies, "explanation_working_days")
    running = assessment.state == "open"
    for clock in Clock:
        until = calendar.until(clock)
        over = until is not None and now >= until
        status = "done" if over else "now" if running and until is not None else "later"
        running = running and (over or until is None)
        yield Step(CLOCK_LABELS[clock], status, until, None if until else Problem(WORKING_DAYS, params={"days": days}))
    yield Step(PUBLICATION, "later", None, Problem(AFTER_DECISION))
