"""The transition table: every move of a case, one row each (rules section 1). Machine, route, buttons, mails and docs read it."""

from dataclasses import dataclass

from states.case import CaseState as S
from states.roles import CHAIRS, Role
from states.words import N_


@dataclass(frozen=True, slots=True)
class Move:
    """One way from one state to another.

    `by` may trigger (or propose, where `confirmed_by` is set); `guards` are names in `states.guards`; `effects` are
    names in `workflow.effects`; `asks` are fields of `Asked`; `notify` are audiences; `due` is the clock it starts.
    """

    trigger: str
    label: str
    source: S
    target: S
    by: frozenset[Role]
    guards: tuple[str, ...]
    effects: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    notify: tuple[str, ...] = ()
    due: str = ""
    batch: bool = False
    confirmed_by: frozenset[Role] = frozenset()
    proved: bool = False
    """Both people sign in again before it."""
    binding: bool = False
    """Shown with the seal: it binds."""

    @property
    def of_the_whole(self) -> bool:
        """Whether it is about the assessment as a whole: proposed for all cases at once, taking no side on any (rules section 3)."""
        return self.batch and bool(self.confirmed_by)


HEAD = frozenset({Role.UNIT_HEAD})
SECRETARIAT = frozenset({Role.SECRETARIAT})
CHAIR = frozenset({Role.CHAIR})

MOVES: tuple[Move, ...] = (
    Move(
        "submit", N_("Nộp hồ sơ"), S.DRAFT, S.SELF_SCORED, HEAD,
        guards=("not_excluded", "before_self_score_deadline", "every_item_scored", "every_item_proved", "every_item_confirmed", "declared"),
        effects=("submit_draft",),
        asks=("declared",), notify=("unit", "bodies"), due="round_1", binding=True,
    ),
    Move(
        "recall", N_("Rút hồ sơ để sửa"), S.SELF_SCORED, S.DRAFT, HEAD,
        guards=("not_excluded", "not_by_grace"),
        effects=("reopen_draft",), notify=("unit", "bodies"), due="self_score",
    ),
    Move(
        "send_back", N_("Trả lại để bổ sung"), S.SELF_SCORED, S.DRAFT, SECRETARIAT,
        guards=("not_excluded", "reason_given", "new_deadline_given"),
        effects=("reopen_draft", "set_self_score_deadline"),
        asks=("reason", "until"), notify=("unit", "bodies"), due="self_score",
    ),
    Move(
        "close_unsubmitted", N_("Khóa hồ sơ chưa nộp"), S.DRAFT, S.SELF_SCORED, SECRETARIAT,
        guards=("not_excluded", "after_self_score_deadline", "reason_given"),
        effects=("freeze_draft",),
        asks=("reason",), notify=("unit", "bodies"), due="round_1", confirmed_by=CHAIR,
    ),
    Move(
        "release_round_1", N_("Gửi kết quả vòng 1"), S.SELF_SCORED, S.ROUND1_REVIEWED, SECRETARIAT,
        guards=("not_excluded", "every_assignment_graded", "every_assignment_signed", "no_open_dispute", "na_requests_settled"),
        effects=("keep_round1_totals",), notify=("unit",), batch=True, binding=True,
    ),
    Move(
        "request_explanation", N_("Yêu cầu giải trình"), S.ROUND1_REVIEWED, S.EXPLANATION_REQUESTED, SECRETARIAT,
        guards=("not_excluded", "something_to_explain"),
        effects=("start_explanation_round",), notify=("unit",), due="explanation", batch=True,
    ),
    Move(
        "finalise", N_("Chốt kết quả"), S.ROUND1_REVIEWED, S.ROUND2_FINAL, CHAIRS,
        guards=("not_excluded", "nothing_left_to_say", "minutes_given"),
        effects=("keep_final_totals",), asks=("minutes_number", "minutes_on"), notify=("unit", "secretariat"), batch=True, binding=True,
    ),
    Move(
        "finalise", N_("Chốt kết quả"), S.EXPLANATION_REQUESTED, S.ROUND2_FINAL, CHAIRS,
        guards=("not_excluded", "explanation_over", "contested_items_settled", "minutes_given"),
        effects=("keep_final_totals",), asks=("minutes_number", "minutes_on"), notify=("unit", "secretariat"), batch=True, binding=True,
    ),
    Move(
        "reopen", N_("Mở lại hồ sơ"), S.ROUND2_FINAL, S.EXPLANATION_REQUESTED, CHAIR,
        guards=("not_excluded", "reason_given", "items_named", "not_in_publication", "no_deadline_of_the_past"),
        effects=("start_reopened_round",), asks=("reason", "items", "until"), notify=("unit", "bodies", "secretariat"), due="explanation",
    ),
    Move(
        "publish", N_("Công bố kết quả"), S.ROUND2_FINAL, S.PUBLISHED, SECRETARIAT,
        guards=("decision_given",),
        effects=("make_publication",),
        asks=("decision_number", "decision_on", "decision_document", "visible_from"),
        notify=("all_units", "all_bodies"), batch=True, confirmed_by=CHAIR, proved=True, binding=True,
    ),
    Move(
        "correct", N_("Đính chính kết quả đã công bố"), S.PUBLISHED, S.ROUND2_FINAL, CHAIR,
        guards=("reason_given", "decision_given"),
        effects=("open_correction",), asks=("reason", "decision_number", "decision_on", "decision_document"),
        notify=("secretariat", "unit"), batch=True, proved=True,
    ),
)  # fmt: skip

TRIGGERS = tuple(dict.fromkeys(move.trigger for move in MOVES))


def move_from(trigger: str, state: S) -> Move | None:
    """Return the row for a trigger in a state, or nothing where the law knows no such way."""
    return next((move for move in MOVES if move.trigger == trigger and move.source is state), None)


def moves_from(state: S) -> tuple[Move, ...]:
    """Return all ways out of a state."""
    return tuple(move for move in MOVES if move.source is state)
