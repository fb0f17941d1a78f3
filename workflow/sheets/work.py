"""My work, for every role: what waits for the person in this role, by when, and where it is done; the calendar; the notices."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from math import inf

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from models.tables import Assessment, Case, Publication
from states.case import CaseState
from states.clocks import CLOCK_LABELS, Clock
from states.policies import policy_value
from states.refusal import Problem
from states.roles import BODY, UNIT
from workflow.actor import Actor
from workflow.calendar import calendar_of
from workflow.clock import read_working_clock, working_now
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
class Earlier:
    """A published season in which the actor's unit was assessed."""

    slug: str
    title: str
    year: int
    unit: str


@dataclass(frozen=True, slots=True)
class WorkSheet:
    """The home of a role: seasons with their tasks, tasks of the whole house, notices."""

    now: datetime
    seasons: tuple[SeasonWork, ...]
    system: tuple[Task, ...]
    notices: tuple[Notice, ...]
    unread: int
    earlier: tuple[Earlier, ...]

    @property
    def count(self) -> int:
        """How many tasks wait."""
        return len(self.system) + sum(len(season.tasks) for season in self.seasons)


def work_sheet(session: Session, actor: Actor) -> WorkSheet:
    """Return what waits for the actor in the role chosen; the number of statements depends on the seasons only."""
    assert actor.person_id is not None
    now = actor.arrived_at or working_now(session)
    seasons = sorted(_seasons(session, actor, now), key=_urgency)
    return WorkSheet(
        now, tuple(seasons), system_tasks(session, actor),
        tuple(notices(session, actor.person_id, limit=NOTICES)), unread(session, actor.person_id), tuple(_earlier(session, actor)),
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
            if tasks or (assessment.state == "open" and not is_public(session, assessment.id)):
                grades = actor.role in BODY and assessment.state == "open"
                yield replace(season, tasks=tasks, queue=grading_queue(session, actor, assessment.slug) if grades else None)


def _urgency(season: SeasonWork) -> tuple[bool, float]:
    """Return the place of a season on the page: what has a deadline first, the next one before others."""
    ends = [task.until.timestamp() for task in season.tasks if task.until]
    return not season.tasks, min(ends, default=inf)


def _earlier(session: Session, actor: Actor) -> Iterator[Earlier]:
    """Yield the published seasons of the actor's unit, the newest first; one statement."""
    if actor.role not in UNIT:
        return
    query = select(Assessment.slug, Assessment.title, Assessment.year).join(Case, Case.assessment_id == Assessment.id)
    seen = exists().where(Publication.assessment_id == Assessment.id, Publication.visible_from <= read_working_clock(session))
    mine = (Case.unit_id == actor.organisation_id, Case.state == CaseState.PUBLISHED, Assessment.trial.is_(False))
    for slug, title, year in session.execute(query.where(seen, *mine).order_by(Assessment.year.desc(), Assessment.id.desc())):
        yield Earlier(slug, title, year, actor.organisation_code)


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
