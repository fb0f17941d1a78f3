"""Which assessment is meant when none is named."""

from datetime import datetime
from typing import Any

from sqlalchemy import SQLColumnExpression, select
from sqlalchemy.orm import Session

from models.tables import Assessment
from states.clocks import local_day
from workflow.actor import Actor
from workflow.clock import read_working_clock


def season_of(session: Session, actor: Actor) -> str:
    """Return the slug of the actor's own assessment, else of the one that runs; empty when there is none."""
    query = select(Assessment.slug)
    if actor.assessment_id is not None:
        query = query.where(Assessment.id == actor.assessment_id)
    now = read_working_clock(session)  # not kept: what a transaction does is dated after its locks
    return session.scalar(query.order_by(*running_first(now)).limit(1)) or ""


def running_first(now: datetime) -> tuple[SQLColumnExpression[Any], ...]:
    """Order assessments: what is prepared, rehearsed or has not begun comes behind; then the newest year first."""
    begins = Assessment.calendar["opens"].as_string()
    return (
        Assessment.opened_at.is_(None), Assessment.trial, begins > local_day(now).isoformat(),
        Assessment.year.desc(), Assessment.id.desc(),
    )  # fmt: skip
