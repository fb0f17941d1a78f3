"""The items of a case as lines under their groups: what is done, what is missing, and the points the actor may see."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.tables import Assignment, EvidenceLink, Explanation, Guidance, Indicator, IndicatorGroup, Item
from states.case import CaseState
from states.facts import Asked, CaseFacts
from states.items import Applicability, Stage
from states.machine import missing
from states.moves import move_from
from states.refusal import Problem
from states.results import total_of
from states.standing import Standing
from states.visibility import Part
from workflow.access import mine
from workflow.sheets.view import View


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One indicator of the case. Points in ten-thousandths, none where there are none or the actor does not see them.

    `status` is na, requested, refused, measured, missing (with `problems`), open (nothing entered yet) or done.
    """

    item_id: int
    code: str
    number: int
    local_number: int
    title: str
    group: str
    maximum: int
    status: str
    provisional: bool
    problems: tuple[Problem, ...] = ()
    self_points: int | None = None
    round1: int | None = None
    round2: int | None = None
    final: int | None = None
    evidence: int = 0
    bodies: tuple[str, ...] = ()
    contestable: bool = False
    disputed: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is in numerator and maximum."""
        return self.status != "na"

    @property
    def unfinished(self) -> bool:
        """Whether the unit has to do something about it before submitting."""
        return bool(self.problems)


@dataclass(frozen=True, slots=True)
class GroupLines:
    """One main index with its lines and sums."""

    number: str
    title: str
    maximum: int
    lines: tuple[ItemLine, ...]

    @property
    def done(self) -> int:
        """How many lines need nothing more from the unit."""
        return sum(not line.unfinished for line in self.lines)

    @property
    def self_total(self) -> int:
        """The sum of the self-scores."""
        return total_of(line.self_points for line in self.lines if line.counts)

    def total(self, column: str) -> int | None:
        """Return the sum of a column of points; none where every cell is empty."""
        values = [getattr(line, column) for line in self.lines if line.counts]
        return total_of(values) if any(value is not None for value in values) else None


def draft_problems(facts: CaseFacts) -> Mapping[str, tuple[Problem, ...]]:
    """Return what stands in the way of submitting, by indicator: the guards of `submit` say it."""
    move = move_from("submit", CaseState.DRAFT)
    assert move is not None
    found: dict[str, tuple[Problem, ...]] = {}
    for problem in missing(move, facts, Asked(declared=True)):
        if problem.place:
            found[problem.place] = (*found.get(problem.place, ()), problem)
    return found


def group_lines(session: Session, view: View, items: Sequence[Standing], facts: CaseFacts) -> tuple[GroupLines, ...]:
    """Return the items the actor sees, under their groups; four statements. Nothing where only counts may be shown."""
    if not view.contents:
        return ()
    seen = _seen(session, view)
    standing = {item.item_id: item for item in items if item.item_id in seen}
    problems = draft_problems(facts) if view.state is CaseState.DRAFT else {}
    evidence = evidence_counts(session, view)
    found: dict[int, tuple[IndicatorGroup, list[ItemLine]]] = {}
    for row in session.execute(_rows(view.case.id)):
        item = standing.get(row.Item.id)
        if item is not None:
            line = _line(view, row, item, problems.get(item.code, ()), evidence[item.item_id])
            found.setdefault(row.IndicatorGroup.id, (row.IndicatorGroup, []))[1].append(line)
    return tuple(
        GroupLines(group.number, group.short_title, sum(line.maximum for line in lines if line.counts), tuple(lines))
        for group, lines in found.values()
    )


def _rows(case_id: int) -> Any:  # noqa: ANN401  (a select)
    return (
        select(Item, Indicator, IndicatorGroup, Guidance.status)
        .join(Indicator, Indicator.id == Item.indicator_id)
        .join(IndicatorGroup, IndicatorGroup.id == Indicator.group_id)
        .join(Guidance, Guidance.id == Item.guidance_id)
        .where(Item.case_id == case_id)
        .order_by(IndicatorGroup.position, Indicator.number)
    )


def _seen(session: Session, view: View) -> set[int]:
    """Return the items the actor may see: a body only those assigned to it, everybody else all."""
    query = select(Item.id).where(Item.case_id == view.case.id)
    if view.body:
        query = query.join(Assignment, Assignment.item_id == Item.id).where(mine(view.actor))
    return set(session.scalars(query))


def evidence_counts(session: Session, view: View) -> Counter[int]:
    """Return how many documents each item of a case cites now; those of an explanation only the unit sees before it is sent."""
    query = select(EvidenceLink.item_id, func.count()).join(Item, Item.id == EvidenceLink.item_id)
    query = query.where(Item.case_id == view.case.id, EvidenceLink.removed_at.is_(None))
    if not view.own:
        said = (Explanation.item_id == EvidenceLink.item_id) & (Explanation.round == EvidenceLink.round)
        query = query.outerjoin(Explanation, said).where(or_(EvidenceLink.stage == Stage.SELF, Explanation.sent_at.is_not(None)))
    return Counter(dict(session.execute(query.group_by(EvidenceLink.item_id)).all()))


def _line(view: View, row: Any, item: Standing, problems: tuple[Problem, ...], evidence: int) -> ItemLine:  # noqa: ANN401  (a result row)
    draft = view.state is CaseState.DRAFT
    own = item.self_points if not draft else 0 if item.applicability.asked else row.Item.draft_points
    return ItemLine(
        item.item_id, item.code, row.Indicator.number, row.Indicator.local_number, row.Indicator.title, row.IndicatorGroup.number,
        item.maximum, _status(view, row.Item, item, problems), row.status == "provisional", problems,
        own if view.sees(Part.SELF) else None, round1_seen(view, item), round2_seen(view, item), final_seen(view, item),
        evidence if view.sees(Part.EVIDENCE) else 0, tuple(grade.body for grade in item.grades),
        item.contestable and view.sees_result(Part.ROUND1, item), item.disputed and view.sees_result(Part.ROUND1, item),
    )  # fmt: skip


def _status(view: View, row: Item, item: Standing, problems: tuple[Problem, ...]) -> str:
    asked = {Applicability.NOT_APPLICABLE: "na", Applicability.REQUESTED: "requested", Applicability.REFUSED: "refused"}
    applicability = applicability_seen(view, item)
    if applicability in asked:
        return asked[applicability]
    if not item.self_scored:
        return "measured"
    if view.state is CaseState.DRAFT and problems:
        return "missing" if row.draft_at is not None or item.proved else "open"
    return "done"


def applicability_seen(view: View, item: Standing) -> Applicability:
    """Return whether the item applies, as far as the actor knows: the unit learns the council's word on its request with round 1."""
    settled = item.applicability in {Applicability.NOT_APPLICABLE, Applicability.REFUSED} and item.self_points is not None
    return Applicability.REQUESTED if settled and view.own and not view.sees(Part.ROUND1) else item.applicability


def round1_seen(view: View, item: Standing) -> int | None:
    """Return the result of round 1 where the actor sees it; a body's own grade is none until all bodies of the item have signed."""
    return item.round1 if view.sees_result(Part.ROUND1, item) else None


def round2_seen(view: View, item: Standing) -> int | None:
    """Return the result of round 2 (the council's decision before the bodies' grade) as far as the actor sees it."""
    if not view.sees_result(Part.ROUND2, item):
        return None
    return item.result2


def final_seen(view: View, item: Standing) -> int | None:
    """Return the points that stand, for whom may see round 2 as a whole."""
    return item.final if view.sees_result(Part.ROUND2, item) and not view.body else None
