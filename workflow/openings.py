"""Notes who opened a case of another organisation (not in the chain, rules section 6): once an hour is enough."""

from datetime import timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models.tables import AccessLog, Assessment, Case, Organisation
from states.roles import UNIT
from workflow.actor import Actor
from workflow.clock import working_now

OFTEN = timedelta(hours=1)
CASE = "see_case"


def is_noted(actor: Actor) -> bool:
    """Return whether the actor's openings are noted: a unit looks at its own case only."""
    return actor.role not in UNIT and actor.person_id is not None


def note_case_opened(session: Session, actor: Actor, slug: str, unit: str) -> None:
    """Note that the actor opened this case, unless he or she did within the hour. The page has checked that it may be opened."""
    query = select(Case.id, Case.assessment_id).join(Assessment, Assessment.id == Case.assessment_id)
    query = query.join(Organisation, Organisation.id == Case.unit_id).where(Assessment.slug == slug, Organisation.code == unit)
    case, now = session.execute(query).one(), working_now(session)
    lately = select(AccessLog.id).where(
        AccessLog.person_id == actor.person_id, AccessLog.case_id == case.id, AccessLog.what == CASE, AccessLog.at > now - OFTEN
    )
    if session.scalar(lately.limit(1)) is None:
        row = {"person_id": actor.person_id, "membership_id": actor.membership_id, "what": CASE, "at": now}
        session.execute(insert(AccessLog).values(case_id=case.id, assessment_id=case.assessment_id, **row))
