"""One item of the draft as its page saves it: the score with its words, and the request that it does not apply, in one go."""

from sqlalchemy.orm import Session

from states.items import Applicability
from states.refusal import Problem, Refused
from states.words import N_
from workflow.access import require_item
from workflow.actor import Actor
from workflow.drafting import Draft, Saved, request_na, save_self_score

NO_REASON = N_("Ghi lý do vì sao không phát sinh.")


def save_item(session: Session, actor: Actor, slug: str, unit: str, code: str, draft: Draft, *, na: bool, na_reason: str) -> Saved:
    """Keep what was typed for one item; the request for not applicable is made, changed or taken back where it differs from what stands."""
    wanted = na_reason.strip() if na else ""
    if na and not wanted:
        raise Refused(Problem(NO_REASON, "na_reason"))
    saved = save_self_score(session, actor, slug, unit, code, draft)
    item = require_item(session, actor, "self_score", slug, unit, code, lock=True).item
    assert item is not None
    stands = item.na_reason if item.applicability == Applicability.REQUESTED else ""
    return saved if wanted == stands else request_na(session, actor, slug, unit, code, wanted, saved.version)
