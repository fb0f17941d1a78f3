"""Loads the items that wait for the council, a whole season in the same few statements."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models.tables import Assessment, Assignment, Case, Indicator, IndicatorSet, Item, Membership, Organisation, Person
from states.case import SUBMITTED, CaseState
from states.clocks import Clock
from states.items import Applicability
from states.refusal import Problem
from states.ripe import Ripe, ripe
from states.roles import COUNCIL
from states.standing import Graded, Standing
from workflow.access import BOTH_SIDES, CONFLICT, on_other_side
from workflow.actor import Actor
from workflow.calendar import Calendar, calendar_of
from workflow.deciding import BARRED, barred_items
from workflow.sheets.council_row import CaseLine, CouncilRow, Left, Member, Rerouted, Voice
from workflow.standing import standings

Cases = Mapping[int, tuple[Case, Organisation]]


@dataclass(frozen=True, slots=True)
class Season:
    """All cases of an assessment with how their items stand."""

    actor: Actor
    now: datetime
    cases: Cases
    standings: Mapping[int, Sequence[Standing]]
    titles: Mapping[str, str]
    bodies: Mapping[str, str]
    calendar: Calendar
    other_side: frozenset[int]

    def over(self, case_id: int) -> Callable[[Clock], bool]:
        """Return the test whether a clock of a case has run out."""
        return self.calendar.over(self.now, case_id)


def load_season(session: Session, actor: Actor, assessment: Assessment, now: datetime) -> Season:
    """Load it in seven statements, however many cases."""
    query = select(Case, Organisation).join(Organisation, Organisation.id == Case.unit_id).where(Case.assessment_id == assessment.id)
    rows = session.execute(query.order_by(Organisation.sort_key, Organisation.code)).all()
    cases = {case.id: (case, unit) for case, unit in rows}
    titles = select(Indicator.code, Indicator.title).join(IndicatorSet, IndicatorSet.id == Indicator.indicator_set_id)
    bodies = select(Organisation.code, Organisation.short_name).where(Organisation.is_body.is_(True))
    return Season(
        actor, now, cases, standings(session, [case_id for case_id, (case, _) in cases.items() if case.state in SUBMITTED]),
        dict(session.execute(titles.where(IndicatorSet.catalogue_id == assessment.catalogue_id)).all()),
        dict(session.execute(bodies).all()), calendar_of(session, assessment.id), frozenset(on_other_side(session, actor, set(cases))),
    )  # fmt: skip


def waiting_items(session: Session, season: Season) -> list[CouncilRow]:
    """Return every item that waits for a decision or a word on its applicability, in the order of units and indicators."""
    found = []
    for case_id, (case, unit) in season.cases.items():
        over, state, correcting = season.over(case_id), CaseState(case.state), case.correction_id is not None
        for item in season.standings.get(case_id, ()) if case.excluded_at is None else ():
            why = ripe(state, item, over, correcting=correcting)
            if why not in {None, Ripe.ANEW} or _asks(state, item):
                found.append((case, unit, item, why))
    barred = barred_items(session, season.actor, [item.item_id for *_, item, _ in found]) if found else set()
    return [row_of(season, case, unit, item, why, barred=item.item_id in barred) for case, unit, item, why in found]


def _asks(state: CaseState, item: Standing) -> bool:
    return state is CaseState.SELF_SCORED and item.applicability is Applicability.REQUESTED


def row_of(season: Season, case: Case, unit: Organisation, item: Standing, why: Ripe | None, *, barred: bool) -> CouncilRow:
    """Return one item as a line; of the own organisation's case only its names."""
    name, kind = unit.called, unit.type_word
    named = (unit.code, name, kind, item.code, season.titles.get(item.code, ""), item.maximum, CaseState(case.state), why)
    if case.unit_id in season.actor.organisations:
        return CouncilRow(*named, masked=True, barred=Problem(CONFLICT), applicability=item.applicability)
    second = item.to_regrade
    no = Problem(BOTH_SIDES) if case.id in season.other_side else Problem(BARRED) if barred else None
    return CouncilRow(
        *named, barred=no, applicability=item.applicability, self_points=item.self_points, round1=item.round1,
        voices=tuple(_voice(season, item, grade, second=second) for grade in item.open_grades),
        decided=item.decision2 if second else item.decision1,
        bodies=", ".join(
            season.bodies.get(grade.body, "") for grade in item.open_grades if grade.body and not item.closed(grade, second=second)
        ),
    )  # fmt: skip


def _voice(season: Season, item: Standing, grade: Graded, *, second: bool) -> Voice:
    anew = (grade.round2, grade.signed2) if item.given_anew(grade) else (None, False)
    points, signed = anew if second else (grade.round1, grade.signed1)
    return Voice(season.bodies.get(grade.body, ""), points, signed, grade.na_answer)


def left_by_indicator(rows: Sequence[CouncilRow]) -> tuple[Left, ...]:
    """Return what bodies left after the round date, gathered by indicator."""
    found: defaultdict[str, list[CouncilRow]] = defaultdict(list)
    for row in rows:
        found[row.code].append(row)
    return tuple(
        Left(code, found[code][0].title, tuple(sorted({row.bodies for row in found[code] if row.bodies})), tuple(found[code]))
        for code in sorted(found)
    )


def rerouted_items(session: Session, season: Season, assessment: Assessment) -> tuple[Rerouted, ...]:
    """Return every assignment that went to the council, with whom the chair may name for it."""
    instead = aliased(Organisation)
    query = (
        select(Assignment, Item, Case, Indicator.code, Indicator.title, Organisation, instead.short_name, Person.name)
        .join(Item, Item.id == Assignment.item_id).join(Case, Case.id == Item.case_id).join(Indicator, Indicator.id == Item.indicator_id)
        .join(Organisation, Organisation.id == Case.unit_id).outerjoin(instead, instead.id == Assignment.instead_of_id)
        .outerjoin(Person, Person.id == Assignment.person_id)
        .where(Case.assessment_id == assessment.id, Assignment.council.is_(True), Assignment.ended_at.is_(None))
        .order_by(Organisation.sort_key, Indicator.number)
    )  # fmt: skip
    members = _members(session, assessment)
    made = []
    for assignment, item, case, code, title, unit, body, person in session.execute(query):
        name, kind = unit.called, unit.type_word
        masked = case.unit_id in season.actor.organisations
        row = CouncilRow(unit.code, name, kind, code, title, item.maximum, CaseState(case.state), masked=masked)
        candidates = tuple(member for member, belongs in members if case.unit_id not in belongs)
        mine = assignment.person_id is not None and assignment.person_id == season.actor.person_id
        made.append(Rerouted(row, body or "", person or "", mine, _given(season, case, item, assignment), candidates))
    return tuple(made)


def _given(season: Season, case: Case, item: Item, assignment: Assignment) -> bool:
    """Whether the running round's grade stands, so that nobody else can be named. A case that is not submitted has none."""
    second = case.state == CaseState.EXPLANATION_REQUESTED
    standing = next((one for one in season.standings.get(case.id, ()) if one.item_id == item.id), None)
    own = next((grade for grade in standing.grades if grade.assignment_id == assignment.id), None) if standing else None
    return second if standing is None or own is None else standing.bound(own, second=second)


def _members(session: Session, assessment: Assessment) -> list[tuple[Member, frozenset[int]]]:
    """Return the council's people with all organisations each belongs to."""
    query = select(
        Membership.person_id, Membership.role, Membership.organisation_id, Membership.assessment_id, Person.name, Organisation.short_name
    )
    query = query.join(Person, Person.id == Membership.person_id).join(Organisation, Organisation.id == Membership.organisation_id)
    seats = select(Membership.person_id).join(Person, Person.id == Membership.person_id)
    seats = seats.where(Membership.role.in_(COUNCIL), Person.disabled_at.is_(None))
    belongs: defaultdict[int, set[int]] = defaultdict(set)
    members: dict[int, Member] = {}
    for person_id, role, organisation_id, season, name, organisation in session.execute(
        query.where(Membership.person_id.in_(seats)).order_by(Membership.id)
    ):
        belongs[person_id].add(organisation_id)
        if role in COUNCIL and season in {None, assessment.id}:
            members.setdefault(person_id, Member(person_id, name, organisation))
    return [(member, frozenset(belongs[person_id])) for person_id, member in members.items()]


def case_lines(season: Season) -> tuple[CaseLine, ...]:
    """Return every case as one line."""
    return tuple(
        CaseLine(
            unit.code, unit.called, unit.type_word, CaseState(case.state), case.excluded_at is not None, case.excluded_reason,
            case.correction_id is not None, case.unit_id in season.actor.organisations,
        )
        for case, unit in season.cases.values()
    )  # fmt: skip
