"""Whether a word is still true when its mail goes out; what is not is left out, with the reason that the mail log shows."""

from collections.abc import Callable, Mapping

from models.tables import Notification
from notifications.facts import Facts, proposal_of
from states.clocks import LOCKING
from states.moves import MOVES
from states.words import N_
from workflow.accounts import INVITATION, RESET
from workflow.duties import REASONS

DISABLED = N_("Tài khoản của người nhận đã khóa.")
NO_ROLE = N_("Người nhận không còn vai này.")
MOVED_ON = N_("Hồ sơ đã sang bước khác.")
EXCLUDED = N_("Hồ sơ đã được loại khỏi kỳ đánh giá.")
READMITTED = N_("Hồ sơ đã được đưa trở lại kỳ đánh giá.")
DONE = N_("Việc đã xong hoặc thời hạn đã đổi.")
SETTLED = N_("Đề xuất đã được giải quyết.")
LINK_ENDED = N_("Đường dẫn đã dùng hoặc đã hết hạn.")

Check = Callable[[Facts, Notification], str]
ACTING = frozenset({move.trigger for move in MOVES if move.due in LOCKING})
"""Moves that start a clock within which the reader has to act: told only while the case is in that step."""


def _moved(facts: Facts, word: Notification) -> str:
    """True from the state the move led to on; where it asks the reader to act, in that state only."""
    case = facts.cases.get(word.case_id or 0)
    if case is None:
        return ""
    if case.excluded:
        return EXCLUDED
    target = next(move.target for move in MOVES if move.trigger == word.kind)
    stands = case.state is target and not case.sent if word.kind in ACTING else case.state.order >= target.order
    return "" if stands else MOVED_ON


def _excluded(facts: Facts, word: Notification) -> str:
    case = facts.cases.get(word.case_id or 0)
    return READMITTED if case and not case.excluded else ""


def _readmitted(facts: Facts, word: Notification) -> str:
    case = facts.cases.get(word.case_id or 0)
    return EXCLUDED if case and case.excluded else ""


def _proposed(facts: Facts, word: Notification) -> str:
    return "" if proposal_of(word) in facts.open_proposals else SETTLED


def _way_in(facts: Facts, word: Notification) -> str:
    return "" if word.params.get("path") in facts.tokens else LINK_ENDED


def _due(facts: Facts, word: Notification) -> str:
    return "" if word.params.get("duty") in facts.duties else DONE


CHECKS: Mapping[str, Check] = {
    **dict.fromkeys((move.trigger for move in MOVES), _moved),
    **dict.fromkeys(REASONS, _due),
    "exclude": _excluded,
    "readmit": _readmitted,
    "proposal": _proposed,
    INVITATION: _way_in,
    RESET: _way_in,
}
"""Kinds that are not here tell a fact that stays one."""


def untrue(facts: Facts, word: Notification) -> str:
    """Return why a word is no longer true, or nothing where it is."""
    if facts.person.disabled_at is not None:
        return DISABLED
    if word.membership_id is not None and word.membership_id not in facts.memberships:
        return NO_ROLE
    check = CHECKS.get(word.kind)
    return check(facts, word) if check else ""
