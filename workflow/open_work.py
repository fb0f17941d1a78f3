"""What still waits for somebody, and by which day: counted from states, standings and the calendar, a whole season in a few statements."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from models.tables import Assessment, Assignment, Case, Item, Proposal
from states.case import CaseState
from states.clocks import Clock, local_day, running_clock, shown_day
from states.items import Applicability
from states.standing import Graded, Standing
from workflow.calendar import calendar_of
from workflow.parties import NOBODY, Parties, parties_of
from workflow.standing import standings

SUBMIT, UNSUBMITTED, EXPLAIN = "remind_submit", "remind_unsubmitted", "remind_explain"
GRADE, SIGN, REGRADE = "remind_grade", "remind_sign", "remind_regrade"
NAME_GRADER, GRADE_INSTEAD, DECIDE, CONFIRM = "remind_name", "remind_grade_instead", "remind_decide", "remind_confirm"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for a unit, for a body (by code), for a named person, or for whoever has the role.

    `until` is the day its clock is shown to run out; for a proposal, the day it was made.
    """

    reason: str
    until: date
    clock: str = ""
    case_id: int | None = None
    unit_id: int | None = None
    body: str = ""
    person_id: int | None = None
    item_id: int | None = None
    """The item, where it is for the council to decide."""
    parties: Parties = NOBODY
    """Who may not decide it."""

    def is_for(self, person_id: int | None, organisations: Collection[int]) -> bool:
        """Whether somebody may take it up: nothing of the own organisations' cases, no decision that he or she is a party to."""
        return self.unit_id not in organisations and not self.parties.include(person_id, organisations)


@dataclass(frozen=True, slots=True)
class Sight:
    """Narrows the search to what can concern some people: units and bodies by id; nothing given means no limit."""

    units: frozenset[int] = frozenset()
    bodies: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Running:
    """A case with the clock it is under and the day it runs out."""

    case: Case
    clock: Clock
    until: date

    def waits(self, reason: str, *, body: str = "", person_id: int | None = None, item_id: int | None = None) -> Waiting:
        """Return one waiting thing of this case."""
        return Waiting(reason, self.until, self.clock, self.case.id, self.case.unit_id, body, person_id, item_id)


def open_work(session: Session, assessment: Assessment, wanted: Callable[[date], bool], sight: Sight | None = None) -> list[Waiting]:
    """Return what waits in an assessment, of the clocks that run out on a wanted day; before it opens, only what was proposed."""
    if assessment.state == "closed":
        return []
    if assessment.state == "preparation":
        return [one for one in _proposals(session, assessment) if wanted(one.until)]
    running = [one for one in _running(session, assessment, sight) if wanted(one.until)]
    found = [waiting for one in running for waiting in _whole_case(one)]
    appraised = {one.case.id: one for one in running if one.clock in {Clock.ROUND_1, Clock.ROUND_2}}
    if appraised:
        found += _items(session, appraised, sight)
    return found + [one for one in _proposals(session, assessment) if wanted(one.until)]


def _running(session: Session, assessment: Assessment, sight: Sight | None) -> Iterator[Running]:
    query = select(Case).where(Case.assessment_id == assessment.id, Case.excluded_at.is_(None)).order_by(Case.id)
    if sight is not None:
        query = query.where(or_(Case.unit_id.in_(sight.units), Case.id.in_(select(Item.case_id).where(_graded_by(sight.bodies)))))
    calendar = calendar_of(session, assessment.id)
    for case in session.scalars(query):
        clock = running_clock(CaseState(case.state), sent=case.answered)
        # while the unit still answers a later round, bodies may owe what it contested before
        for one in (clock, Clock.ROUND_2) if clock is Clock.EXPLANATION else (clock,):
            at = calendar.until(one, case.id) if one else None
            if one is not None and at is not None:
                yield Running(case, one, shown_day(at))


def _graded_by(bodies: Collection[int]) -> ColumnElement[bool]:
    """The filter for items that one of the bodies grades."""
    return exists().where(Assignment.item_id == Item.id, Assignment.body_id.in_(bodies))


def _whole_case(one: Running) -> Iterator[Waiting]:
    """What the unit itself still has to hand in."""
    if one.clock is Clock.SELF_SCORE:
        yield one.waits(SUBMIT)
        yield one.waits(UNSUBMITTED)
    elif one.clock is Clock.EXPLANATION:
        yield one.waits(EXPLAIN)


def _items(session: Session, running: Mapping[int, Running], sight: Sight | None) -> list[Waiting]:
    """What bodies and council still have to give, item by item."""
    ids = sorted(running)
    only = None
    if sight is not None:
        only = list(session.scalars(select(Item.id).where(Item.case_id.in_(ids), _graded_by(sight.bodies))))
    named = _named(session, ids)
    found: list[Waiting] = []
    for case_id, items in standings(session, ids, only).items():
        one = running[case_id]
        step = _first_round if one.clock is Clock.ROUND_1 else _second_round
        for item in items:
            found += step(one, item, named)
    parties = parties_of(session, [waiting.item_id for waiting in found if waiting.item_id is not None])
    return [one if one.item_id is None else replace(one, parties=parties[one.item_id]) for one in found]


def _named(session: Session, case_ids: Sequence[int]) -> dict[int, int | None]:
    """Return the council member named for each assignment of the council, or nobody."""
    query = select(Assignment.id, Assignment.person_id).join(Item, Item.id == Assignment.item_id)
    return dict(session.execute(query.where(Item.case_id.in_(case_ids), Assignment.council.is_(True))).all())


def _first_round(one: Running, item: Standing, named: Mapping[int, int | None]) -> Iterator[Waiting]:
    if item.disputed:
        yield one.waits(DECIDE, item_id=item.item_id)
    elif item.applicability is Applicability.REQUESTED:
        yield from _request(one, item)
    elif item.ungraded or item.unsigned:
        for grade in item.open_grades:
            if grade.round1 is None:
                yield _to_grade(one, grade, GRADE, named)
            elif not grade.signed1 and not grade.council:
                yield one.waits(SIGN, body=grade.body)


def _request(one: Running, item: Standing) -> Iterator[Waiting]:
    """A not-applicable request: first its bodies answer, then the council."""
    unanswered = [grade for grade in item.open_grades if not grade.council and not grade.na_answer]
    yield from (one.waits(GRADE, body=grade.body) for grade in unanswered)
    if not unanswered:
        yield one.waits(DECIDE)


def _second_round(one: Running, item: Standing, named: Mapping[int, int | None]) -> Iterator[Waiting]:
    if not item.round2_open or item.awaits_answer:
        return
    if item.round2_disputed or not item.open_grades:
        yield one.waits(DECIDE, item_id=item.item_id)
        return
    for grade in item.open_grades:
        if not item.given_anew(grade):
            yield _to_grade(one, grade, REGRADE, named)
        elif not grade.signed2 and not grade.council:
            yield one.waits(SIGN, body=grade.body)


def _to_grade(one: Running, grade: Graded, reason: str, named: Mapping[int, int | None]) -> Waiting:
    """A grade not yet given: by the body, by the member named for it, or first by the chair who names one."""
    if not grade.council:
        return one.waits(reason, body=grade.body)
    person_id = named.get(grade.assignment_id)
    return one.waits(NAME_GRADER) if person_id is None else one.waits(GRADE_INSTEAD, person_id=person_id)


def _proposals(session: Session, assessment: Assessment) -> Iterator[Waiting]:
    """What lies before the chair."""
    query = select(Proposal.proposed_at, Proposal.case_id, Case.unit_id).outerjoin(Case, Case.id == Proposal.case_id)
    for proposed_at, case_id, unit_id in session.execute(query.where(Proposal.assessment_id == assessment.id, Proposal.settled == "")):
        yield Waiting(CONFIRM, local_day(proposed_at), case_id=case_id, unit_id=unit_id)
