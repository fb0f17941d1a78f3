"""Why something was done to a case: kept once for every act that asks for a reason, shown beside the case to whoever may read it."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models.tables import CaseReason
from workflow.actor import Actor
from workflow.clock import working_now


def keep_reason(session: Session, actor: Actor, act: str, reason: str, case_ids: Sequence[int]) -> None:
    """Keep the reason of an act on some cases; one row for each event of that act."""
    about = {"act": act, "reason": reason, "person_id": actor.person_id, "membership_id": actor.membership_id, "at": working_now(session)}
    if reason and case_ids:
        session.execute(insert(CaseReason), [{"case_id": case_id, **about} for case_id in case_ids])


def reasons_of(session: Session, case_id: int) -> dict[str, list[str]]:
    """Return the reasons given on a case, by act, the oldest first."""
    query = select(CaseReason.act, CaseReason.reason).where(CaseReason.case_id == case_id).order_by(CaseReason.id)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for act, reason in session.execute(query):
        found[act].append(reason)
    return found
