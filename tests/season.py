"""One opened assessment of the real Decision 5279 with a few units and a person for each role: what tests of workflow and web stand on.

`make_season(engine)` opens it; `season.acting("lead.catp")` gives a session and an actor in one transaction; the verbs below play
plain steps through the real workflow functions. The working clock stands still where `season.at` puts it, for pages too.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from commands.simulation.people import email_of, seed_people
from models.session import transaction
from models.tables import Assessment, Assignment, Case, Guidance, Indicator, Item, Organisation, Person
from settings import ROOT
from states.facts import Asked
from states.items import Stance
from states.standing import Standing
from workflow.access import mine
from workflow.actor import SYSTEM, Actor, actor_for
from workflow.catalogue.importing import import_catalogue
from workflow.clock import machine_now, set_working_clock
from workflow.confirming import propose_opening
from workflow.deciding import name_council_grader
from workflow.drafting import Draft, Saved, request_na, save_self_scores
from workflow.explaining import Answer, save_explanation, send_explanation
from workflow.grading import Given, Grade, save_grades
from workflow.move import Moved, move_batch, move_case
from workflow.preparing import Dates, Preparation, prepare_assessment
from workflow.proposals import confirm, open_proposals
from workflow.scoring import Field, Inputs, parse_rule
from workflow.signing import sign_off
from workflow.standing import standings

CATALOGUE = ROOT / "catalogues" / "hanoi-5279-2025.toml"
DATES = Dates(date(2025, 11, 24), date(2025, 12, 15), date(2026, 1, 14), date(2026, 2, 6))
OPENED = datetime(2025, 11, 24, 1, tzinfo=UTC)
GRADING = datetime(2025, 12, 20, 2, tzinfo=UTC)
"""A moment in round 1, after the units' deadline."""
LATE = datetime(2026, 1, 15, 2, tzinfo=UTC)
"""The day after round 1 should have ended."""
COMMUNES = ("00004", "00008")


@dataclass(slots=True)
class Season:
    """An open assessment and its people."""

    engine: Engine
    slug: str
    units: tuple[str, ...]
    people: dict[str, int]

    @contextmanager
    def acting(self, local: str, *, proved: bool = False) -> Iterator[tuple[Session, Actor]]:
        """Open one transaction as a demo person ("lead.catp"); `proved` as if the password had just been typed."""
        with transaction(self.engine) as session:
            actor = actor_for(session, self.people[email_of(local)])
            yield session, replace(actor, proved_at=machine_now()) if proved else actor

    def at(self, moment: datetime) -> None:
        """Let the working clock stand still at a moment, for everybody."""
        with transaction(self.engine) as session:
            set_working_clock(session, moment, fixed=True)

    # the unit

    def fill(self, unit: str, *, share: int = 9, skip: Sequence[str] = ()) -> None:
        """Fill in every item of a unit: `share` tenths where a share is asked, the best answer elsewhere; a text instead of evidence."""
        with self.acting(f"unit.{unit.lower()}") as (session, actor):
            rules = session.execute(select(Indicator.code, Guidance.rule).join(Guidance, Guidance.indicator_id == Indicator.id))
            forms = {code: parse_rule(rule).fields() for code, rule in rules if code not in skip}
            drafts = {code: Draft(answers(fields, share), "Theo báo cáo của đơn vị.", 0) for code, fields in forms.items()}
            saved = save_self_scores(session, actor, self.slug, unit, drafts)
            assert all(isinstance(one, Saved) for one in saved.values())

    def ask_na(self, unit: str, code: str, reason: str = "Năm nay không phát sinh.") -> None:
        """Ask that an indicator does not apply, from the untouched draft."""
        with self.acting(f"unit.{unit.lower()}") as (session, actor):
            request_na(session, actor, self.slug, unit, code, reason, 0)

    def submit(self, *units: str) -> None:
        """Submit the units' cases as their heads."""
        for unit in units or self.units:
            with self.acting(f"head.{unit.lower()}") as (session, actor):
                move_case(session, actor, self.slug, unit, "submit", Asked(declared=True))

    # the bodies and the council

    def grade(
        self, local: str, points: int | None = None, *, codes: Sequence[str] = (), units: Sequence[str] = (), verdict: str = ""
    ) -> None:  # fmt: skip
        """Give `points` (or the self-score) on every open assignment of a grader or named member, or on some of them."""
        with self.acting(local) as (session, actor):
            grades = {
                (unit, item.code): Grade(
                    item.self_points if points is None else points, version, "Theo tài liệu.", verdict=verdict, unsign=True
                )
                for unit, item, version in own_items(session, actor)
                if (not codes or item.code in codes) and (not units or unit in units)
                and not (item.both_signed2 or (item.both_signed and not item.to_regrade))
            }
            given = save_grades(session, actor, self.slug, grades)
            assert all(isinstance(one, Given) for one in given.values()), given

    def sign(self, body: str, codes: Sequence[str] = ()) -> None:
        """Sign what a body has graded: all its indicators, or some."""
        with self.acting(f"lead.{body.lower()}") as (session, actor):
            for code in sorted({item.code for _, item, _ in own_items(session, actor) if not codes or item.code in codes}):
                sign_off(session, actor, self.slug, code)

    def bodies(self) -> list[str]:
        """Return the codes of all grading bodies."""
        with transaction(self.engine) as session:
            return list(session.scalars(select(Organisation.code).where(Organisation.is_body.is_(True)).order_by(Organisation.code)))

    def grade_all(self, points: int | None = None) -> None:
        """Let every body grade everything and sign, and a named member what went to the council."""
        for body in self.bodies():
            self.grade(f"grader.{body.lower()}", points=points)
            self.sign(body)
        self.name_graders()
        self.grade("council.1", points=points)

    def name_graders(self, member: str = "council.1") -> None:
        """Let the chair name one member for whatever went to the council."""
        with self.acting("chair") as (session, actor):
            query = select(Organisation.code, Indicator.code).join(Case, Case.unit_id == Organisation.id)
            query = query.join(Item, Item.case_id == Case.id).join(Indicator, Indicator.id == Item.indicator_id)
            query = query.join(Assignment, Assignment.item_id == Item.id).where(
                Assignment.council.is_(True), Assignment.person_id.is_(None)
            )
            for unit, code in session.execute(query).all():
                name_council_grader(session, actor, self.slug, unit, code, self.people[email_of(member)])

    def batch(
        self, trigger: str, local: str = "secretariat.skhcn", asked: Asked | None = None, units: Sequence[str] | None = None
    ) -> Moved:  # fmt: skip
        """Move a batch; a proposal that comes of it is confirmed by the chair."""
        with self.acting(local) as (session, actor):
            moved = move_batch(session, actor, self.slug, trigger, asked or Asked(), units)
        if moved.proposal_id is not None:
            with self.acting("chair", proved=True) as (session, actor):
                confirm(session, actor, self.slug, moved.proposal_id)
        return moved

    def contest(self, unit: str, code: str, text: str = "Đề nghị xem lại, có số liệu mới.") -> None:
        """Let the unit contest one item, not yet sent."""
        with self.acting(f"unit.{unit.lower()}") as (session, actor):
            save_explanation(session, actor, self.slug, unit, code, Answer(Stance.CONTEST.value, text, 0))

    def send(self, unit: str) -> None:
        """Let the head send the explanation."""
        with self.acting(f"head.{unit.lower()}") as (session, actor):
            send_explanation(session, actor, self.slug, unit)


def own_items(session: Session, actor: Actor) -> list[tuple[str, Standing, int]]:
    """Return the actor's own open assignments as (unit, standing, version)."""
    query = select(Organisation.code, Item.id, Item.case_id, Assignment.version).join(Case, Case.unit_id == Organisation.id)
    query = query.join(Item, Item.case_id == Case.id).join(Assignment, Assignment.item_id == Item.id)
    rows = session.execute(query.where(mine(actor), Assignment.ended_at.is_(None)).order_by(Assignment.id)).all()
    found = {item.item_id: item for items in standings(session, sorted({row.case_id for row in rows})).values() for item in items}
    return [(row.code, found[row.id], row.version) for row in rows]


def answers(fields: Sequence[Field], share: int) -> Inputs:
    """Return inputs for a rule's form: so many tenths, or the best answer."""
    made: dict[str, str | bool | list[str]] = {}
    for field in fields:
        if field.kind == "number":
            made[field.name] = "10" if field.name == "b" else str(share)
        elif field.kind == "points":
            made[field.name] = "1"
        else:
            made[field.name] = [field.choices[0].value] if field.kind == "tick" else field.choices[0].value
    return made


def make_season(
    engine: Engine, units: Sequence[str] = COMMUNES, slug: str = "2025", catalogue: Path = CATALOGUE, **prepared: Any
) -> Season:
    """Import the catalogue, keep only these units, seed the demo people, and open the assessment on its first day."""
    with transaction(engine) as session:
        set_working_clock(session, OPENED, fixed=True)
        import_catalogue(session, SYSTEM, catalogue.read_bytes(), catalogue.name)
        session.execute(update(Organisation).where(Organisation.code.not_in(units)).values(is_unit=False))
        session.expire_all()
        seed_people(session)
        people = dict(session.execute(select(Person.email, Person.id)).all())
        secretary = actor_for(session, people[email_of("secretariat.skhcn")])
        prepare_assessment(session, secretary, Preparation(catalogue.stem, 2025, slug, DATES, **prepared))
        open_prepared(session, people, slug)
    return Season(engine, slug, tuple(units), people)


def open_prepared(session: Session, people: dict[str, int], slug: str) -> None:
    """Let the secretariat propose what was prepared, and the chair open it."""
    propose_opening(session, actor_for(session, people[email_of("secretariat.skhcn")]), slug)
    chair = replace(actor_for(session, people[email_of("chair")]), proved_at=machine_now())
    assessment = session.scalars(select(Assessment).where(Assessment.slug == slug)).one()
    for proposal in open_proposals(session, assessment.id):
        confirm(session, chair, slug, proposal.id)
