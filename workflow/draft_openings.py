"""Notes who opened what is not public yet of an assessment: the draft ranking, the points so far (not in the chain, rules section 6)."""

from datetime import timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models.tables import AccessLog
from workflow.access import assessment_by_slug
from workflow.actor import Actor
from workflow.clock import working_now

OFTEN = timedelta(minutes=10)
"""Looking again within this time is the same opening."""
RANKING, SCORES = "see_draft_ranking", "see_scores_so_far"


def note_draft_opened(session: Session, actor: Actor, slug: str, what: str) -> None:
    """Note that the actor opened it. The page has checked that it may be opened."""
    assessment, now = assessment_by_slug(session, slug), working_now(session)
    lately = select(AccessLog.id).where(
        AccessLog.person_id == actor.person_id, AccessLog.assessment_id == assessment.id, AccessLog.what == what,
        AccessLog.at > now - OFTEN, AccessLog.at <= now,
    )  # fmt: skip
    if session.scalar(lately.limit(1)) is None:
        row = {"person_id": actor.person_id, "membership_id": actor.membership_id, "what": what, "at": now}
        session.execute(insert(AccessLog).values(assessment_id=assessment.id, case_id=None, **row))
