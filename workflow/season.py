"""Which assessment a person most likely means when none is named."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Assessment
from workflow.actor import Actor


def season_of(session: Session, actor: Actor) -> str:
    """Return the slug of the actor's own assessment, else of the newest one; empty when there is none."""
    query = select(Assessment.slug)
    if actor.assessment_id is not None:
        query = query.where(Assessment.id == actor.assessment_id)
    return session.scalar(query.order_by(Assessment.year.desc(), Assessment.id.desc()).limit(1)) or ""
