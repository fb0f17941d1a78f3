"""The grader's queue: every indicator the actor grades, how far it is, what needs a closer look, and what to do next."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models.tables import Assessment, Assignment, Case, Indicator, IndicatorBody, IndicatorSet, Item, Organisation
from states.case import CaseState
from states.clocks import Clock, local_day, shown_day
from states.permissions import may
from states.roles import COUNCIL
from states.standing import Standing
from workflow.access import mine, require_assessment
from workflow.actor import Actor
from workflow.calendar import calendar_of, working_days
from workflow.clock import working_now
from workflow.sheets.needs import OUT, TO_DO, Need, graded, need_of
from workflow.standing import standings


@dataclass(slots=True)
class QueueLine:
    """One indicator in the queue, or one case. Counts are of cells; `maximum` in ten-thousandths of a point."""

    code: str
    """Of the indicator, or of the unit."""
    title: str
    maximum: int = 0
    bodies: tuple[str, ...] = ()
    """All bodies of a joint indicator; empty where one grades alone."""
    needs: Counter[Need] = field(default_factory=Counter)
    second: Counter[Need] = field(default_factory=Counter)
    """The same of the cells that stand in round 2."""
    graded: int = 0
    flagged: int = 0
    unproved: int = 0

    @property
    def whole(self) -> int:
        """How many cells round 1 has here."""
        return self.needs.total() - sum(self.needs[need] for need in OUT)

    @property
    def conflict(self) -> bool:
        """Whether all of it belongs to an organisation of one's own."""
        return 0 < self.needs.total() == self.needs[Need.CONFLICT]

    @property
    def to_grade(self) -> int:
        """How many cells wait for points or an answer now, in either round."""
        return sum(self.needs[need] for need in TO_DO)

    @property
    def to_regrade(self) -> int:
        """How many of them are in round 2."""
        return self.second[Need.GRADE]

    @property
    def second_whole(self) -> int:
        """How many cells round 2 has here."""
        return self.second.total() - sum(self.second[need] for need in OUT)

    @property
    def second_graded(self) -> int:
        """How many of them have their points of round 2."""
        return self.second_whole - self.to_regrade

    @property
    def to_sign(self) -> int:
        """How many cells wait for the lead's signature."""
        return self.needs[Need.SIGN]

    @property
    def disputed(self) -> int:
        """How many cells the bodies differ on."""
        return self.needs[Need.DISPUTED]

    @property
    def asked(self) -> int:
        """How many requests wait for an answer that the indicator does not apply."""
        return self.needs[Need.ANSWER_NA]

    @property
    def unsubmitted(self) -> int:
        """How many units have not handed in."""
        return self.needs[Need.UNSUBMITTED]

    @property
    def closer(self) -> int:
        """How many things ask for a closer look."""
        return self.flagged + self.disputed + self.unproved + self.asked


@dataclass(frozen=True, slots=True)
class Queue:
    """All indicators of the actor (or all cases with cells of the actor), and the season's pace."""

    slug: str
    year: int
    trial: bool
    lines: tuple[QueueLine, ...]
    own: int
    """Cells of the own organisation, which somebody else grades."""
    until: datetime | None
    now: datetime
    days_left: int
    second_until: datetime | None
    may_sign: bool
    for_council: bool

    def total(self, what: str) -> int:
        """Return the sum of a count over all lines."""
        return sum(getattr(line, what) for line in self.lines)

    @property
    def pace(self) -> int:
        """How many cells a working day are needed to be in time; 0 when nothing is left or the date has passed."""
        return -(-self.total("to_grade") // self.days_left) if self.days_left else 0

    @property
    def next(self) -> QueueLine | None:
        """The first indicator with something to do; for a lead, also with something to sign."""
        waiting = (line for line in self.lines if line.to_grade)
        signing = (line for line in self.lines if self.may_sign and line.to_sign)
        return next(waiting, None) or next(signing, None)


def grading_queue(session: Session, actor: Actor, slug: str, *, by_case: bool = False) -> Queue:
    """Return the queue of a body's member, or of a council member named by the chair: by indicator, or by case."""
    assessment = require_assessment(session, actor, "see_queue", slug)
    now = actor.arrived_at or working_now(session)
    calendar = calendar_of(session, assessment.id, [])
    until = calendar.until(Clock.ROUND_1)
    lines = _cases(session, actor, assessment) if by_case else _indicator_lines(session, actor, assessment)
    own = _count(session, actor, assessment, lines, "case_id" if by_case else "indicator_id")
    return Queue(
        slug, assessment.year, assessment.trial, tuple(lines.values()), own, until, now,
        _days_left(session, assessment, now, until), calendar.until(Clock.ROUND_2), may(actor.role, "sign_off"), actor.role in COUNCIL,
    )  # fmt: skip


def _cases(session: Session, actor: Actor, assessment: Assessment) -> dict[int, QueueLine]:
    """Return the lines by case, still empty, in the order of the units."""
    query = select(Case.id, Organisation.code, Organisation.name).join(Organisation, Organisation.id == Case.unit_id)
    query = query.join(Item, Item.case_id == Case.id).join(Assignment, Assignment.item_id == Item.id)
    query = query.where(Case.assessment_id == assessment.id, mine(actor)).order_by(Organisation.sort_key, Organisation.code)
    return {case_id: QueueLine(code, name) for case_id, code, name in session.execute(query)}


def _indicator_lines(session: Session, actor: Actor, assessment: Assessment) -> dict[int, QueueLine]:
    """Return the lines by indicator, still empty, in the order of the decision."""
    query = (
        select(Indicator)
        .join(IndicatorSet, IndicatorSet.id == Indicator.indicator_set_id)
        .where(IndicatorSet.catalogue_id == assessment.catalogue_id, Indicator.id.in_(_indicators(actor, assessment)))
        .order_by(IndicatorSet.position, Indicator.number)
    )
    joint = _joint(session, actor, assessment)
    return {one.id: QueueLine(one.code, one.title, one.points, tuple(joint.get(one.id, ()))) for one in session.scalars(query)}


def _indicators(actor: Actor, assessment: Assessment) -> Select[int]:
    """Return the indicators of the actor's assignments, as a subquery."""
    query = select(Item.indicator_id).join(Case, Case.id == Item.case_id).join(Assignment, Assignment.item_id == Item.id)
    return query.where(Case.assessment_id == assessment.id, mine(actor))


def _joint(session: Session, actor: Actor, assessment: Assessment) -> dict[int, list[str]]:
    """Return the bodies of those indicators that several grade."""
    query = select(IndicatorBody.indicator_id, Organisation.short_name).join(Organisation, Organisation.id == IndicatorBody.organisation_id)
    query = query.where(IndicatorBody.indicator_id.in_(_indicators(actor, assessment)))
    bodies: dict[int, list[str]] = {}
    for indicator_id, name in session.execute(query.order_by(IndicatorBody.position)):
        bodies.setdefault(indicator_id, []).append(name)
    return {indicator_id: names for indicator_id, names in bodies.items() if len(names) > 1}


def _count(session: Session, actor: Actor, assessment: Assessment, lines: Mapping[int, QueueLine], key: str) -> int:
    """Count every cell into its line, found by the column `key`; return how many belong to the own organisation."""
    query = (
        select(Assignment.id, Item.id.label("item_id"), Item.indicator_id, Item.case_id, Case.state, Case.excluded_at, Case.unit_id)
        .join(Item, Item.id == Assignment.item_id)
        .join(Case, Case.id == Item.case_id)
        .where(Case.assessment_id == assessment.id, mine(actor))
    )
    rows = session.execute(query).all()
    found = standings(session, sorted({row.case_id for row in rows}), [row.item_id for row in rows])
    standing = {one.item_id: one for items in found.values() for one in items}
    for row in rows:
        line = lines[getattr(row, key)]
        if row.unit_id in actor.organisations:
            line.needs[Need.CONFLICT] += 1
        else:
            _add(line, row.id, standing[row.item_id], CaseState(row.state), excluded=row.excluded_at is not None)
    return _own(session, actor, assessment)


def _add(line: QueueLine, assignment_id: int, item: Standing, state: CaseState, *, excluded: bool) -> None:
    own = next(grade for grade in item.grades if grade.assignment_id == assignment_id)
    need = need_of(state, item, own, excluded=excluded)
    line.needs[need] += 1
    if item.to_regrade:
        line.second[need] += 1
    if need in OUT:
        return
    line.graded += graded(item, own)
    line.flagged += own.flagged
    line.unproved += need is Need.GRADE and not item.proved and item.self_scored


def _own(session: Session, actor: Actor, assessment: Assessment) -> int:
    """Return how many cells the actor's body would have graded of its own case."""
    query = select(Assignment.id).join(Item, Item.id == Assignment.item_id).join(Case, Case.id == Item.case_id)
    query = query.where(Case.assessment_id == assessment.id, Assignment.instead_of_id == actor.organisation_id)
    return len(session.scalars(query).all()) if actor.role not in COUNCIL else 0


def _days_left(session: Session, assessment: Assessment, now: datetime, until: datetime | None) -> int:
    """Return the working days from today to the last one, both counted."""
    if until is None or now >= until:
        return 0
    is_working = working_days(session, assessment.id)
    first, last = local_day(now), shown_day(until)
    return sum(is_working(first + timedelta(days=ahead)) for ahead in range((last - first).days + 1))


FILTERS: Mapping[str, str] = {"con-viec": "to_grade", "cho-ky": "to_sign", "vong-2": "to_regrade", "can-xem": "closer"}
"""The filters of the queue, by the word in the address: lines where the count is not zero."""
JOINT = "cham-chung"
"""The filter that leaves what several bodies grade."""


def chosen(lines: Iterable[QueueLine], name: str) -> Sequence[QueueLine]:
    """Return the lines that a filter leaves; an unknown word leaves all."""
    if name == JOINT:
        return [line for line in lines if line.bodies]
    return [line for line in lines if name not in FILTERS or getattr(line, FILTERS[name])]
