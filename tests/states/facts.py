"""A case that lacks nothing: every guard passes on it, and a test changes the one thing it is about."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from states.case import CaseState
from states.facts import Asked, CaseFacts
from states.moves import Move

NOON = datetime(2025, 12, 10, 5, tzinfo=UTC)
DAY = timedelta(days=1)

READY = CaseFacts(
    case_id=1, unit="00004", state=CaseState.DRAFT, arrived_at=NOON, self_score_until=NOON + DAY, explanation_until=NOON + DAY,
    round1_until=NOON + DAY, round2_until=NOON + DAY, accepted=True, sent=True,
)  # fmt: skip
GIVEN = Asked(
    reason="Có lý do.", declared=True, minutes_number="01/BB", minutes_on=date(2025, 12, 10), until=NOON + DAY, items=("IV.01",),
    decision_number="1/QĐ-UBND", decision_on=date(2025, 12, 10), decision_document=1,
)  # fmt: skip


def ready_for(move: Move) -> CaseFacts:
    """A case in the move's state that lacks nothing for it."""
    closed = "after_self_score_deadline" in move.guards
    return replace(READY, state=move.source, self_score_until=NOON - DAY if closed else NOON + DAY)
