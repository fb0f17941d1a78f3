"""Grading by the bodies and by named council members: points, reasons and verdicts, item by item (rules sections 2 and 3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from models.tables import Assessment, Assignment, Explanation, Guidance, Item, ScoreEntry, Verdict
from states.case import CaseState
from states.items import Applicability, Stage
from states.items import Verdict as VerdictWord
from states.policies import policy_value
from states.refusal import NotFound, Problem, Refused, Stale
from states.roles import COUNCIL
from states.standing import Standing
from states.words import N_
from workflow.access import Held, require_assignment, require_assignments, take_side
from workflow.actor import Actor
from workflow.clock import working_now
from workflow.drafting import check_length, decimals_of, weigh
from workflow.journal import Chain, record, record_many
from workflow.numbers import format_points, round_points
from workflow.scoring import Inputs, Rule, parse_rule
from workflow.standing import standings
from workflow.submitting import append_entries

ABOVE_MAXIMUM = N_("Điểm không được vượt điểm tối đa %(maximum)s.")
NOT_APPLICABLE = N_("Chỉ số này không phát sinh nên không chấm.")
UNIT_FIRST = N_("Đơn vị còn trong thời hạn trả lời ở đợt giải trình này; chấm lại sau khi đơn vị gửi hoặc hết hạn.")
SETTLED = N_("Chỉ số đã có kết quả vòng 2 ở đợt giải trình trước và không được mở lại ở đợt này.")
ONLY_CONTESTED = N_("Vòng 2 chỉ chấm lại những chỉ số đơn vị đã giải trình.")
SIGNED = N_("Điểm này đã được ký xác nhận. Muốn sửa, mở dòng ở cột bên; sửa thì chữ ký không còn hiệu lực.")
RAISED = N_("Điểm cao hơn vòng 1 là đã chấp nhận ít nhất một phần: chọn lại kết luận, hoặc giữ điểm vòng 1.")
FOR_COUNCIL = N_("Các bên đã cùng ký và đã thấy điểm của nhau; từ nay chỉ Hội đồng quyết định được.")


@dataclass(frozen=True, slots=True)
class Grade:
    """What a grader gives: points (ten-thousandths) or the inputs they follow from, what the unit reads, what it does not read."""

    points: int | None
    version: int
    reason: str = ""
    internal_note: str = ""
    inputs: Inputs | None = None
    verdict: str = ""
    unsign: bool = False
    """It is known that a lead has signed what stands there, and that the signature goes with it."""


@dataclass(frozen=True, slots=True)
class Given:
    """A grade as it stands now: for the answer to a save, and for the clash row."""

    points: int | None
    version: int
    reason: str
    at: datetime | None
    by: int | None = None


Outcome = Given | Stale | Refused
"""What became of one grade among many: kept, overtaken by somebody's, or refused with its problems."""


def save_grade(session: Session, actor: Actor, slug: str, unit: str, code: str, grade: Grade) -> Given:
    """Give points on one's own assignment; in round 2 only on contested items, with a verdict.

    A changed grade loses its signature, and is refused where `unsign` does not say so.
    """
    outcome = save_grades(session, actor, slug, {(unit, code): grade}).get((unit, code))
    if outcome is None:
        raise NotFound
    if not isinstance(outcome, Given):
        raise outcome
    return outcome


def save_grades(session: Session, actor: Actor, slug: str, grades: Mapping[tuple[str, str], Grade]) -> dict[tuple[str, str], Outcome]:
    """Give many grades at once, by (unit, indicator): each is kept or refused by itself; foreign ones are not in the answer."""
    units, codes = {unit for unit, _ in grades}, {code for _, code in grades}
    assessment, found, refused = require_assignments(session, actor, action_of(actor), slug, codes, units)
    outcomes: dict[tuple[str, str], Outcome] = {key: why for key, why in refused.items() if key in grades}
    mine = {key: graded.held for key, graded in found.items() if key in grades}
    table = GradingTable.load(session, assessment, list(mine.values()))
    entries = []
    for key, held in mine.items():
        try:
            entries.append((key, held, table.entry(actor, held, grades[key])))
        except (Refused, Stale) as no:
            outcomes[key] = no
    return outcomes | _append(session, actor, table, entries)


def _append(
    session: Session, actor: Actor, table: "GradingTable", entries: Sequence[tuple[tuple[str, str], Held, dict[str, Any]]]
) -> dict[tuple[str, str], Outcome]:
    """Append the entries, point the assignments to them, note sides and events; in a handful of statements."""
    if not entries:
        return {}
    ids = append_entries(session, [entry for *_, entry in entries])
    pointed = [_pointed(actor, held, entry, new) for (_, held, entry), new in zip(entries, ids, strict=True)]
    session.execute(update(Assignment), pointed)
    _give_verdicts(session, table, [(held, entry, new) for (_, held, entry), new in zip(entries, ids, strict=True)])
    take_side(session, actor, *{held.case.id for _, held, _ in entries})
    facts = [
        (Chain.of_case(held.case.id), "grade", key[1], _fact(entry, new, unsigned=table.signed(held)))
        for (key, held, entry), new in zip(entries, ids, strict=True)
    ]
    record_many(session, facts, actor)
    return {
        key: Given(entry["points"], now["version"], entry["reason"], entry["at"], actor.person_id)
        for (key, _, entry), now in zip(entries, pointed, strict=True)
    }


def _fact(entry: Mapping[str, Any], entry_id: int, *, unsigned: bool) -> dict[str, Any]:
    fact = {"entry": entry_id, "points": entry["points"], "stage": entry["stage"]}
    return fact | {"unsigned": entry["assignment_id"]} if unsigned else fact


@dataclass(frozen=True, slots=True)
class GradingTable:
    """What deciding about many grades needs, loaded once: standings, rules and present entries."""

    session: Session
    assessment: Assessment
    decimals: int
    standings: Mapping[int, Standing]
    rules: Mapping[int, Rule]
    entries: Mapping[int, ScoreEntry]

    @classmethod
    def load(cls, session: Session, assessment: Assessment, held: Sequence[Held]) -> "GradingTable":
        """Load it in four statements, however many."""
        items = [one.item for one in held if one.item is not None]
        found = standings(session, sorted({item.case_id for item in items}), [item.id for item in items]) if items else {}
        rules = {row.id: row.rule for row in session.scalars(select(Guidance).where(Guidance.id.in_({item.guidance_id for item in items})))}
        pointers = [p for one in held if one.assignment for p in (one.assignment.round1_entry_id, one.assignment.round2_entry_id) if p]
        entries = {row.id: row for row in session.scalars(select(ScoreEntry).where(ScoreEntry.id.in_(pointers)))} if pointers else {}
        return cls(
            session, assessment, decimals_of(session, assessment), {one.item_id: one for row in found.values() for one in row},
            {key: parse_rule(rule) for key, rule in rules.items()}, entries,
        )  # fmt: skip

    def now(self, held: Held) -> Given:
        """Return the grade that stands on an assignment."""
        assert held.assignment is not None
        second = held.case.state == CaseState.EXPLANATION_REQUESTED
        entry = self.entries.get((held.assignment.round2_entry_id if second else held.assignment.round1_entry_id) or 0)
        version = held.assignment.version
        return Given(entry.points, version, entry.reason, entry.at, entry.person_id) if entry else Given(None, version, "", None)

    def signed(self, held: Held) -> bool:
        """Return whether a lead has signed what stands on an assignment now."""
        assert held.item is not None
        assert held.assignment is not None
        standing, second = self.standings[held.item.id], held.case.state == CaseState.EXPLANATION_REQUESTED
        own = next(grade for grade in standing.grades if grade.assignment_id == held.assignment.id)
        return standing.signed(own, second=second)

    def entry(self, actor: Actor, held: Held, grade: Grade) -> dict[str, Any]:
        """Return the entry to append for one grade. Refused or `Stale` where it may not be given."""
        assert held.assignment is not None
        assert held.item is not None
        standing, second = self.standings[held.item.id], held.case.state == CaseState.EXPLANATION_REQUESTED
        if grade.version != held.assignment.version:
            raise Stale(self.now(held))
        closed = why_closed(standing, second=second)
        if closed:
            raise Refused(closed)
        if self.signed(held) and not grade.unsign:
            raise Refused(SIGNED)
        inputs, computed, points = self._points(held.item, grade)
        reason = check_length(grade.reason, "reason")
        _refuse_without_reason(held, standing, points, replace(grade, reason=reason), second=second)
        return {
            "item_id": held.item.id, "assignment_id": held.assignment.id, "stage": (Stage.ROUND2 if second else Stage.ROUND1).value,
            "round": held.case.explanation_round if second else 0, "person_id": actor.person_id, "membership_id": actor.membership_id,
            "inputs": inputs, "computed_points": computed, "points": points, "verdict": grade.verdict if second else "", "reason": reason,
            "internal_note": check_length(grade.internal_note, "internal_note"), "at": working_now(self.session),
        }  # fmt: skip

    def _points(self, item: Item, grade: Grade) -> tuple[dict[str, Any] | None, int | None, int]:
        """Return inputs to keep, what the rule makes of them, and the points that stand (given, or else computed)."""
        inputs, computed = None, None
        if grade.inputs:
            inputs, computed, _, _ = weigh(self.rules[item.guidance_id], grade.inputs, item.maximum, self.decimals)
        points = grade.points if grade.points is not None else computed
        if points is None:
            raise Refused(Problem(N_("Chưa nhập điểm."), "points"))
        return inputs, computed, bounded(points, item.maximum, self.decimals)


def action_of(actor: Actor) -> str:
    """Return the act under which somebody grades: for a body, or named by the chair."""
    return "grade_for_council" if actor.role in COUNCIL else "grade"


def why_closed(standing: Standing, *, second: bool) -> str:
    """Return why an item takes no grade in round 1 (or the second), or nothing where it does; the case's state is not asked here."""
    if standing.applicability is Applicability.NOT_APPLICABLE:
        return NOT_APPLICABLE
    if second and not standing.regradable:
        return UNIT_FIRST if standing.awaits_answer else SETTLED if standing.to_regrade else ONLY_CONTESTED
    return FOR_COUNCIL if (standing.both_signed2 if second else standing.both_signed) else ""


def bounded(points: int, maximum: int, decimals: int) -> int:
    """Return points rounded to the printed decimals; refused outside 0..maximum."""
    if not 0 <= points <= maximum:
        raise Refused(Problem(ABOVE_MAXIMUM, "points", {"maximum": format_points(maximum, None)}))
    return round_points(points, decimals)


def _refuse_without_reason(held: Held, standing: Standing, points: int, grade: Grade, *, second: bool) -> None:
    before = standing.round1 if second else standing.self_points
    problems = []
    if before is not None and points != before and not grade.reason:
        text = N_("Điểm khác vòng 1 thì phải ghi lý do.") if second else N_("Điểm khác điểm tự chấm thì phải ghi lý do.")
        problems.append(Problem(text, "reason"))
    if second and grade.verdict not in set(VerdictWord):
        problems.append(Problem(N_("Cần chọn kết luận về giải trình."), "verdict"))
    if second and before is not None and points > before and grade.verdict == VerdictWord.NOT_ACCEPTED:
        problems.append(Problem(RAISED, "verdict"))
    if second and before is not None and points < before and not policy_value(held.assessment.policies, "round2_may_lower"):
        problems.append(Problem(N_("Vòng 2 không được thấp hơn vòng 1 (%(points)s)."), "points", {"points": format_points(before, None)}))
    if problems:
        raise Refused(problems)


def _pointed(actor: Actor, held: Held, entry: Mapping[str, Any], entry_id: int) -> dict[str, Any]:
    """Return the assignment's new values; a council member's grade counts as signed, a body's loses its signature."""
    assignment = held.assignment
    assert assignment is not None
    place = "2" if entry["stage"] == Stage.ROUND2 else "1"
    signed = (actor.person_id, entry["at"]) if assignment.council else (None, None)
    return {
        "id": assignment.id, "version": assignment.version + 1, "flagged": False, f"round{place}_entry_id": entry_id,
        f"signed{place}_by_id": signed[0], f"signed{place}_at": signed[1],
    }  # fmt: skip


def _give_verdicts(session: Session, table: GradingTable, given: Sequence[tuple[Held, Mapping[str, Any], int]]) -> None:
    second = [(held, entry, new) for held, entry, new in given if entry["stage"] == Stage.ROUND2]
    if not second:
        return
    items = [entry["item_id"] for _, entry, _ in second]
    answers = {(row.item_id, row.round): row.id for row in session.scalars(select(Explanation).where(Explanation.item_id.in_(items)))}
    rows = [
        {
            "explanation_id": answers[(entry["item_id"], table.standings[entry["item_id"]].due_round)],
            "assignment_id": entry["assignment_id"], "entry_id": new,
            "verdict": entry["verdict"], "reason": entry["reason"], "at": entry["at"],
        }
        for _, entry, new in second if (entry["item_id"], table.standings[entry["item_id"]].due_round) in answers
    ]  # fmt: skip
    if rows:
        session.execute(insert(Verdict), rows)


def flag(session: Session, actor: Actor, slug: str, unit: str, code: str, *, on: bool) -> None:
    """Mark one's assignment to be looked at again, or take the mark off."""
    held = require_assignment(session, actor, "flag", slug, unit, code)
    assert held.assignment is not None
    held.assignment.flagged = on
    take_side(session, actor, held.case.id)
    record(session, Chain.of_case(held.case.id), actor, "flag", code, {"assignment": held.assignment.id, "on": on})
