"""One item of the draft as its page saves it: the score with its words, and the request that it does not apply, in one go."""

from sqlalchemy.orm import Session

from models.tables import Item
from states.items import Applicability
from states.refusal import Problem, Refused, Stale
from states.words import N_
from workflow.access import Held, require_item
from workflow.actor import Actor
from workflow.drafting import Draft, Saved, decimals_of, request_na, rule_of, save_self_score, weigh

NO_REASON = N_("Ghi lý do vì sao không phát sinh.")


def save_item(session: Session, actor: Actor, slug: str, unit: str, code: str, draft: Draft, *, na: bool, na_reason: str) -> Saved:
    """Keep what was typed for one item; the request for not applicable is made, changed or taken back where it differs from what stands.

    A stale save that carries what is stored already is no clash: a page left in the middle of a save sends the same text twice.
    """
    wanted = na_reason.strip() if na else ""
    if na and not wanted:
        raise Refused(Problem(NO_REASON, "na_reason"))
    try:
        saved = save_self_score(session, actor, slug, unit, code, draft)
    except Stale:
        known = _stored_already(session, _held(session, actor, slug, unit, code), draft, wanted)
        if known is None:
            raise
        return known
    stands = _request(_held(session, actor, slug, unit, code).item)
    return saved if wanted == stands else request_na(session, actor, slug, unit, code, wanted, saved.version)


def _held(session: Session, actor: Actor, slug: str, unit: str, code: str) -> Held:
    return require_item(session, actor, "self_score", slug, unit, code, lock=True)


def _request(item: Item | None) -> str:
    """Return the reason of the request that stands, if there is one."""
    return item.na_reason if item is not None and item.applicability == Applicability.REQUESTED else ""


def _stored_already(session: Session, held: Held, draft: Draft, wanted: str) -> Saved | None:
    item = held.item
    assert item is not None
    kept, points, line, asks = weigh(rule_of(session, item), draft.inputs, item.maximum, decimals_of(session, held.assessment))
    same = kept == (item.draft_inputs or {}) and draft.text.strip() == item.draft_text and wanted == _request(item)
    return Saved(item.version, points, item.draft_at, line, asks) if same and item.draft_at else None
