"""What moves do besides moving, by the names in the transition table; each works on all cases of its step at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.tables import Assessment, Case, Indicator, Item
from states.clocks import Clock
from states.facts import Asked, CaseFacts
from states.refusal import NotFound, Problem, Refused
from states.standing import total_and_maximum
from states.words import N_
from workflow.actor import Actor
from workflow.calendar import explanation_ends, give_time, set_deadlines
from workflow.clock import working_now
from workflow.publishing import make_publication
from workflow.restoring import restore_last_submission
from workflow.standing import standings
from workflow.submitting import submit_draft

NOT_REOPENED = N_("Đơn vị không nộp điểm cho chỉ số này nên không mở lại được.")


@dataclass(slots=True)
class Step:
    """One taking of a move: its cases (locked), what was asked, and room for what the effects make and note."""

    session: Session
    actor: Actor
    assessment: Assessment
    cases: list[Case]
    asked: Asked
    facts: dict[int, CaseFacts]
    batch_id: int | None = None
    proposal_id: int | None = None
    made: dict[str, Any] = field(default_factory=dict)
    noted: dict[int, dict[str, Any]] = field(default_factory=dict)

    @property
    def ids(self) -> list[int]:
        """The cases' ids."""
        return [case.id for case in self.cases]

    def note(self, case_id: int, **what: Any) -> None:  # noqa: ANN401  (JSON values)
        """Put something into the event of a case: ids, numbers and hashes only."""
        self.noted.setdefault(case_id, {}).update(what)


def hand_in(step: Step, blank_reason: str = "") -> None:
    """Append the self entries and make the submission; sets `made["receipt"]`."""
    for case in step.cases:
        made = submit_draft(step.session, step.actor, case, blank_reason=blank_reason)
        case.submitted_at = working_now(step.session)
        step.made["receipt"] = made.receipt_code
        step.note(case.id, submission=made.id, content=made.content_hash, root=made.root)
    _keep(step, "self")


def reopen_draft(step: Step) -> None:
    """Nothing is taken away: the draft is as it was submitted, and grades on unchanged items will stand."""
    for case in step.cases:
        case.submitted_at = None


def set_self_score_deadline(step: Step) -> None:
    """Give the case its new deadline."""
    assert step.asked.until is not None
    give_time(step.session, step.actor, Clock.SELF_SCORE, step.asked.until, step.cases, "send_back", step.asked.reason)


def freeze_draft(step: Step) -> None:
    """Restore the last submission, or freeze the saved draft as it stands; blanks stay empty for one reason."""
    for case in step.cases:
        restore_last_submission(step.session, case)
        case.frozen_blank_reason = step.asked.reason
    hand_in(step, step.asked.reason)


def keep_round1_totals(step: Step) -> None:
    """Keep the totals of round 1 beside the case."""
    _keep(step, "round1")
    _set(step, released_at=working_now(step.session))


def start_explanation_round(step: Step) -> None:
    """Start the first explanation round with its clock; the questions asked before it belong to it."""
    _start_round(step)
    set_deadlines(step.session, step.assessment.id, Clock.EXPLANATION, explanation_ends(step.session, step.assessment), step.ids)


def start_reopened_round(step: Step) -> None:
    """Start a new round for the named items: the sent-mark is cleared, old values stand until superseded."""
    until = step.asked.until or explanation_ends(step.session, step.assessment)
    for case in step.cases:
        case.explanation_round = max(case.explanation_round, 1)  # the first round is for what round 1 left; a reopening names its own
    _start_round(step)
    give_time(step.session, step.actor, Clock.EXPLANATION, until, step.cases, "reopen", step.asked.reason)
    for case in step.cases:
        rows = step.session.execute(
            select(Item.id, Indicator.code).join(Indicator, Indicator.id == Item.indicator_id)
            .where(Item.case_id == case.id, Indicator.code.in_(step.asked.items))
        ).all()  # fmt: skip
        if len(rows) != len(set(step.asked.items)):
            raise NotFound
        _refuse_blanks(step, case)
        step.session.execute(update(Item).where(Item.id.in_([row.id for row in rows])).values(reopened_round=case.explanation_round))


def _refuse_blanks(step: Step, case: Case) -> None:
    """Refuse to reopen what a unit that never submitted left blank: it is not contestable (rules section 1)."""
    if case.frozen_blank_reason:
        named = [item for item in standings(step.session, [case.id])[case.id] if item.code in step.asked.items]
        blank = [item.code for item in named if item.self_scored and item.self_points is None]
        if blank:
            raise Refused([Problem(NOT_REOPENED, code) for code in blank])


def keep_final_totals(step: Step) -> None:
    """Keep the final totals beside the case; the minutes are noted in the event."""
    _keep(step, "final")
    _set(step, finalised_at=working_now(step.session))
    minutes_on = step.asked.minutes_on.isoformat() if step.asked.minutes_on else ""
    for case in step.cases:
        step.note(case.id, minutes=step.asked.minutes_number, minutes_on=minutes_on)


def open_correction(step: Step) -> None:
    """Mark the cases as under correction: the council may decide items, then a next version is published."""
    for case in step.cases:
        _set(step, correction_id=case.version + 1)
        step.note(case.id, decision=step.asked.decision_number)


def publish_version(step: Step) -> None:
    """Write the publication; totals are kept anew, since a correction may have changed them."""
    if step.cases:
        _keep(step, "final")
    made = make_publication(step.session, step.assessment, step.asked, step.proposal_id)
    step.made["publication"] = made.id
    _set(step, correction_id=None)


def _start_round(step: Step) -> None:
    for case in step.cases:
        case.explanation_round += 1
        case.explanation_sent_at = None
        case.round1_accepted_at = None if case.explanation_round > 1 else case.round1_accepted_at
    step.session.flush()


def keep_totals(session: Session, cases: Sequence[Case], stage: str) -> None:
    """Write the totals of a stage ("self", "round1", "final") beside each case."""
    found = standings(session, [case.id for case in cases])
    what = {"self": "self_points"}.get(stage, stage)
    rows = []
    for case in cases:
        total, maximum = total_and_maximum(found[case.id], what)
        rows.append({"id": case.id, f"{stage}_total": total, f"{stage}_maximum": maximum})
    session.execute(update(Case), rows)


def _keep(step: Step, stage: str) -> None:
    step.session.flush()
    keep_totals(step.session, step.cases, stage)


def _set(step: Step, **values: Any) -> None:  # noqa: ANN401  (column values)
    step.session.flush()
    step.session.execute(update(Case).where(Case.id.in_(step.ids)).values(**values))


EFFECTS: dict[str, Callable[[Step], None]] = {
    "submit_draft": hand_in, "reopen_draft": reopen_draft,
    "set_self_score_deadline": set_self_score_deadline, "freeze_draft": freeze_draft, "keep_round1_totals": keep_round1_totals,
    "start_explanation_round": start_explanation_round, "start_reopened_round": start_reopened_round,
    "keep_final_totals": keep_final_totals, "make_publication": publish_version, "open_correction": open_correction,
}  # fmt: skip
