"""Whose turn it is: what waits, laid upon the people who may do it today; one row per person, reason and deadline."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Assessment, Membership, Organisation, Person
from states.acts import BY_NAME
from states.clocks import LATE_DAYS, REMIND_DAYS, local_day
from states.roles import BODY, UNIT, Role
from states.words import N_
from workflow.clock import working_now
from workflow.open_work import (
    CONFIRM,
    DECIDE,
    EXPLAIN,
    GRADE,
    GRADE_INSTEAD,
    NAME_GRADER,
    REGRADE,
    SIGN,
    SUBMIT,
    UNSUBMITTED,
    Sight,
    Waiting,
    open_work,
)
from workflow.outbox import valid_on

BEFORE = tuple(-days for days in REMIND_DAYS)
AFTER = LATE_DAYS


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody is reminded: what people call it, who may do it, on which days around the deadline, and where it is done."""

    name: str
    label: str
    roles: frozenset[Role]
    days: tuple[int, ...]
    page: str


REASONS: Mapping[str, Reason] = {
    reason.name: reason
    for reason in (
        Reason(SUBMIT, N_("Hồ sơ chưa nộp"), UNIT, BEFORE + AFTER, "ho-so/{unit}"),
        Reason(UNSUBMITTED, N_("Đơn vị quá hạn chưa nộp hồ sơ"), BY_NAME["extend"].by, AFTER, "tien-do"),
        Reason(GRADE, N_("Chỉ số chưa chấm"), BY_NAME["grade"].by, BEFORE + AFTER, "cham-diem?loc=con-viec"),
        Reason(SIGN, N_("Điểm chưa ký xác nhận"), BY_NAME["sign_off"].by, BEFORE + AFTER, "cham-diem?loc=cho-ky"),
        Reason(
            NAME_GRADER, N_("Chỉ số chưa có ủy viên chấm"), BY_NAME["name_council_grader"].by, BEFORE + AFTER, "hoi-dong?phan=cham-cheo"
        ),
        Reason(GRADE_INSTEAD, N_("Chỉ số được cử chấm"), BY_NAME["grade_for_council"].by, BEFORE + AFTER, "cham-diem"),
        Reason(DECIDE, N_("Việc chờ Hội đồng quyết định"), BY_NAME["decide"].by, BEFORE + AFTER, "hoi-dong"),
        Reason(EXPLAIN, N_("Giải trình chưa gửi"), UNIT, BEFORE, "ho-so/{unit}"),
        Reason(REGRADE, N_("Chỉ số chờ chấm lại sau giải trình"), BY_NAME["grade"].by, BEFORE + AFTER, "cham-diem?loc=vong-2"),
        Reason(CONFIRM, N_("Đề xuất chờ xác nhận"), BY_NAME["confirm_proposal"].by, AFTER, "hoi-dong"),
    )
}
"""After its clock an explanation is over (silence carries round 1), so nobody is reminded of it; a late sheet can still be extended."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A person in a role, with all organisations he or she belongs to."""

    person_id: int
    membership_id: int
    role: Role
    organisation_id: int
    organisation: str
    assessment_id: int | None
    all_organisations: frozenset[int]


@dataclass(frozen=True, slots=True)
class Duty:
    """What one person still has to do for one reason by one day: how many things, of one case or over the assessment."""

    reason: Reason
    seat: Seat
    assessment_id: int
    slug: str
    clock: str
    until: date
    case_id: int | None = None
    unit: str = ""
    count: int = 1

    @property
    def key(self) -> str:
        """What makes it one and the same duty, whatever day it is."""
        about = f"case{self.case_id}" if self.case_id else f"assessment{self.assessment_id}.{self.seat.organisation_id}"
        return f"{self.reason.name}:{self.clock}:{self.until.isoformat()}:{about}"

    @property
    def path(self) -> str:
        """Where it is done."""
        return f"/ky/{self.slug}/{self.reason.page.format(unit=self.unit)}"

    def offset(self, day: date) -> int:
        """Return the days since the deadline; negative before it."""
        return (day - self.until).days


def duties(session: Session, wanted: Callable[[date], bool], *, person_id: int | None = None) -> list[Duty]:
    """Return everybody's duties (or one person's) in all open assessments, of the clocks that run out on a wanted day."""
    seats = _seats(session, person_id)
    found: list[Duty] = []
    for assessment in session.scalars(select(Assessment).where(Assessment.state != "closed").order_by(Assessment.id)):
        here = [seat for seat in seats if seat.assessment_id in {None, assessment.id}]
        if here:
            work = open_work(session, assessment, wanted, None if person_id is None else _sight(here))
            found += _laid_upon(assessment, here, work)
    return found


def _seats(session: Session, person_id: int | None) -> list[Seat]:
    query = (
        select(Membership, Organisation.code)
        .join(Person, Person.id == Membership.person_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Person.disabled_at.is_(None), valid_on(local_day(working_now(session))))
        .order_by(Membership.id)
    )
    rows = session.execute(query if person_id is None else query.where(Person.id == person_id)).all()
    of_person: defaultdict[int, set[int]] = defaultdict(set)
    for held, _ in rows:
        of_person[held.person_id].add(held.organisation_id)
    return [
        Seat(
            held.person_id, held.id, Role(held.role), held.organisation_id, code, held.assessment_id,
            frozenset(of_person[held.person_id]),
        )
        for held, code in rows
    ]  # fmt: skip


def _sight(seats: Iterable[Seat]) -> Sight | None:
    """What can concern these seats: their units and bodies; no limit where somebody looks over all."""
    units, bodies = set(), set()
    for seat in seats:
        if seat.role in UNIT:
            units.add(seat.organisation_id)
        elif seat.role in BODY:
            bodies.add(seat.organisation_id)
        else:
            return None
    return Sight(frozenset(units), frozenset(bodies))


def _laid_upon(assessment: Assessment, seats: Sequence[Seat], work: Iterable[Waiting]) -> list[Duty]:
    """Give each person his or her share of what waits."""
    piles: defaultdict[tuple[str, str, date], list[Waiting]] = defaultdict(list)
    for one in work:
        piles[one.reason, one.clock, one.until].append(one)
    found: dict[tuple[int, str], Duty] = {}
    for (name, clock, until), pile in sorted(piles.items()):
        for seat in (seat for seat in seats if seat.role in REASONS[name].roles):
            whole = Duty(REASONS[name], seat, assessment.id, assessment.slug, clock, until)
            for duty in _shares(whole, pile):
                found.setdefault((seat.person_id, duty.key), duty)
    return list(found.values())


def _shares(whole: Duty, pile: Iterable[Waiting]) -> list[Duty]:
    """A unit's case is a duty by itself; others get one with the number of things. Of the own organisation's case only its unit hears."""
    seat = whole.seat
    if whole.reason.roles == UNIT:
        return [replace(whole, case_id=one.case_id, unit=seat.organisation) for one in pile if one.unit_id == seat.organisation_id]
    count = sum(
        one.is_for(seat.person_id, seat.all_organisations)
        and one.body in {"", seat.organisation} and one.person_id in {None, seat.person_id}
        for one in pile
    )
    return [replace(whole, count=count)] if count else []
