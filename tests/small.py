"""A small opened season: four units (two of them bodies as well), three bodies, six indicators, two of them joint, one measured.

Every step goes through the workflow functions, as one person in one transaction. Points are whole ones here.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models.session import reading, transaction
from models.tables import Assessment, Assignment, Blob, Case, Document, Indicator, Item, Membership, Organisation
from states.facts import Asked
from states.items import Applicability
from states.refusal import Refused
from states.results import POINT
from states.standing import Graded, Standing
from tests.season import GRADING, Season, make_season, own_items
from workflow.actor import Actor
from workflow.applicability import answer_na, confirm_na
from workflow.clock import machine_now, working_now
from workflow.confirming import propose_publication
from workflow.deciding import Decision, decide
from workflow.drafting import Draft, Saved, request_na, save_self_score
from workflow.explaining import accept_round_1
from workflow.grading import Given, Grade, save_grade, save_grades
from workflow.move import Moved, move_case
from workflow.proposals import confirm
from workflow.signing import sign_off
from workflow.standing import standings

CATALOGUE = Path(__file__).parent / "small-catalogue.toml"
UNITS = ("00004", "00008", "SKHCN", "STC")
BODIES = {"SKHCN": ("T.01", "T.05"), "CATP": ("T.02", "T.04", "T.05", "T.06"), "STC": ("T.03", "T.06")}
MEASURED = "T.04"
OWN = ("T.01", "T.02", "T.03", "T.05", "T.06")
"""What units score themselves."""
ALL = (*OWN, MEASURED)
MAXIMUM = {"T.01": 5, "T.02": 5, "T.03": 5, "T.04": 5, "T.05": 10, "T.06": 10}
MEETING = Asked(minutes_number="01/BB-HĐTĐ", minutes_on=date(2025, 11, 24))
SECRETARY = "secretariat.skhcn"
REASON = "Theo tài liệu kiểm chứng."
SPRING = datetime(2026, 3, 2, 2, tzinfo=UTC)
"""A moment after every date of the calendar."""


class Small(Season):
    """The small season with verbs for single steps."""

    __slots__ = ()

    # looking

    @contextmanager
    def looking(self) -> Iterator[Session]:
        """Read; what was read can be looked at afterwards."""
        with reading(self.engine) as session:
            yield session
            session.expunge_all()

    def case(self, unit: str) -> Case:
        """The case of a unit, as it stands."""
        with self.looking() as session:
            return session.scalars(select(Case).join(Organisation, Organisation.id == Case.unit_id).where(Organisation.code == unit)).one()

    def state(self, unit: str) -> str:
        """Where the unit's case stands."""
        return self.case(unit).state

    def item(self, unit: str, code: str) -> Standing:
        """How one item stands."""
        case = self.case(unit)
        with self.looking() as session:
            return next(one for one in standings(session, [case.id])[case.id] if one.code == code)

    def graded(self, unit: str, code: str, body: str = "") -> Graded:
        """What a body (or the named member) gave on an item."""
        return next(grade for grade in self.item(unit, code).grades if grade.body == body)

    def row(self, unit: str, code: str) -> Item:
        """The row of an item, with its draft."""
        with self.looking() as session:
            query = select(Item).join(Indicator, Indicator.id == Item.indicator_id).join(Case, Case.id == Item.case_id)
            query = query.join(Organisation, Organisation.id == Case.unit_id)
            return session.scalars(query.where(Organisation.code == unit, Indicator.code == code)).one()

    def assignment(self, unit: str, code: str, body: str = "") -> Assignment:
        """The row of an assignment: a body's, or the council's."""
        with self.looking() as session:
            return session.get_one(Assignment, self.graded(unit, code, body).assignment_id)

    # the unit

    def save(self, unit: str, code: str, points: int | None, text: str = REASON, **more: Any) -> Saved:
        """Save one self-score from a fresh page (or from the version given)."""
        version = more.get("version", self.row(unit, code).version)
        with self.acting(more.get("who", f"unit.{unit.lower()}")) as (session, actor):
            return save_self_score(session, actor, self.slug, unit, code, Draft(inputs_for(code, points), text, version))

    def fill(self, unit: str, points: Mapping[str, int] | None = None, **_: Any) -> None:
        """Score every item of a unit: four fifths of the maximum, or as said."""
        for code in OWN:
            self.save(unit, code, (points or {}).get(code, MAXIMUM[code] * 4 // 5))

    def ask_na(self, unit: str, code: str, reason: str = "Năm nay không phát sinh.") -> None:
        """Ask that an indicator does not apply."""
        version = self.row(unit, code).version
        with self.acting(f"unit.{unit.lower()}") as (session, actor):
            request_na(session, actor, self.slug, unit, code, reason, version)

    def hand_in(self, *units: str, **points: int) -> None:
        """Fill and submit."""
        for unit in units:
            self.fill(unit, {code.replace("_", "."): value for code, value in points.items()})
        self.submit(*units)

    def accept(self, unit: str) -> None:
        """Let the head agree with round 1."""
        with self.acting(f"head.{unit.lower()}") as (session, actor):
            accept_round_1(session, actor, self.slug, unit)

    # the bodies and the council

    def give(self, local: str, unit: str, code: str, points: int | None, **more: Any) -> Given:
        """Give points on one's own assignment from a fresh page; a reason is always written unless said otherwise."""
        body = "" if local.startswith("council") else local.partition(".")[2].upper()
        grade = Grade(points if points is None else points * POINT, self.assignment(unit, code, body).version, REASON, unsign=True)
        with self.acting(local) as (session, actor):
            return save_grade(session, actor, self.slug, unit, code, replace(grade, **more))

    def sign(self, body: str, codes: Any = (), units: Any = None) -> None:
        """Sign indicators of a body: all of them where something waits, or those named."""
        for code in codes or BODIES[body]:
            try:
                with self.acting(f"lead.{body.lower()}") as (session, actor):
                    sign_off(session, actor, self.slug, code, units)
            except Refused:
                if codes:
                    raise

    def grade_all(self, points: Any = None, units: tuple[str, ...] = UNITS, **_: Any) -> None:
        """Let all bodies grade what was handed in as it scored itself (or as said, by unit, code and body) and sign; the council too."""
        told = points or {}
        for body in BODIES:
            self._grade_own(f"grader.{body.lower()}", body, told, units)
            self.sign(body)
        self.name_graders()
        self._grade_own("council.1", "", told, units)

    def _grade_own(self, local: str, body: str, told: Mapping[Any, int], units: tuple[str, ...]) -> None:
        with self.acting(local) as (session, actor):
            grades = {
                (unit, one.code): Grade(_points(told, unit, one, body), version, REASON, unsign=True)
                for unit, one, version in own_items(session, actor)
                if unit in units and self._takes_grades(session, one)
            }
            given = save_grades(session, actor, self.slug, grades)
            assert all(isinstance(outcome, Given) for outcome in given.values()), given

    @staticmethod
    def _takes_grades(session: Session, one: Standing) -> bool:
        return session.get_one(Case, one.case_id).state == "self_scored" and not one.both_signed

    def decide(self, unit: str, code: str, points: int | None, local: str = "council.2", **more: Any) -> int:
        """Decide one item as the council, with a reason unless said otherwise."""
        decision = Decision(None if points is None else points * POINT, **{"reason": REASON} | more)
        with self.acting(local) as (session, actor):
            return decide(session, actor, self.slug, unit, code, decision)

    def answer_na(self, body: str, unit: str, code: str, *, agree: bool, reason: str = REASON) -> None:
        """Let a body answer a request."""
        with self.acting(f"grader.{body.lower()}") as (session, actor):
            answer_na(session, actor, self.slug, unit, code, agree=agree, reason=reason)

    def confirm_na(self, unit: str, code: str, *, grant: bool, reason: str = REASON) -> None:
        """Let the council settle a request."""
        with self.acting("council.1") as (session, actor):
            confirm_na(session, actor, self.slug, unit, code, grant=grant, reason=reason)

    def settle(self, unit: str, code: str, *, grant: bool) -> None:
        """Let the bodies agree with a request (or not) and the council follow them."""
        for grade in self.item(unit, code).grades:
            if not grade.council:
                self.answer_na(grade.body, unit, code, agree=grant)
        self.confirm_na(unit, code, grant=grant)

    # moving

    def move(self, local: str, unit: str, trigger: str, *, proved: bool = False, **asked: Any) -> Moved:
        """Move one case."""
        with self.acting(local, proved=proved) as (session, actor):
            return move_case(session, actor, self.slug, unit, trigger, Asked(**asked))

    def confirm(self, proposal_id: int | None, local: str = "chair", *, proved: bool = True) -> None:
        """Confirm a proposal."""
        with self.acting(local, proved=proved) as (session, actor):
            confirm(session, actor, self.slug, proposal_id or 0)

    def close(self, unit: str, reason: str = "Đơn vị không nộp.") -> None:
        """Close an unsubmitted case: proposed and confirmed."""
        self.confirm(self.move(SECRETARY, unit, "close_unsubmitted", reason=reason).proposal_id)

    def finalise(self, *units: str) -> None:
        """Finalise cases with minutes."""
        self.batch("finalise", "chair", MEETING, units)

    def released(self, *units: str, told: Mapping[Any, int] | None = None) -> None:
        """Play units to the release of round 1."""
        self.hand_in(*units)
        self.at(GRADING)
        self.grade_all(told, units)
        self.batch("release_round_1", units=units)

    def asked_to_explain(self, *units: str, told: Mapping[Any, int] | None = None) -> None:
        """Play units to the explanation request."""
        self.released(*units, told=told)
        self.batch("request_explanation", units=units)

    def finished(self, *units: str) -> None:
        """Play units to final, all of them content with round 1."""
        self.asked_to_explain(*units)
        for unit in units:
            self.accept(unit)
        self.finalise(*units)

    # publishing

    def decision(self, number: str = "1024/QĐ-UBND", **more: Any) -> Asked:
        """The decision that publishes, with a file."""
        with transaction(self.engine) as session:
            count = len(session.scalars(select(Document)).all())
            owner = session.scalars(select(Organisation).where(Organisation.code == "SKHCN")).one()
            blob = Blob(sha256=f"{count:064x}", size=1, media_type="application/pdf", stored_at=machine_now())
            session.add(blob)
            session.flush()
            document = Document(
                address=f"d{count}", organisation_id=owner.id, blob_id=blob.id, file_name="qd.pdf", added_at=working_now(session),
                public=True,
            )
            session.add(document)
            session.flush()
            return Asked(decision_number=number, decision_on=date(2025, 11, 4), decision_document=document.id, **more)

    def propose_publication(self, asked: Asked, *, proved: bool = True) -> int:
        """Propose to publish."""
        with self.acting(SECRETARY, proved=proved) as (session, actor):
            return propose_publication(session, actor, self.slug, asked).id

    def publish(self, number: str = "1024/QĐ-UBND", **more: Any) -> None:
        """Publish: proposed and confirmed."""
        self.confirm(self.propose_publication(self.decision(number, **more)))

    def exclude_others(self, *kept: str) -> None:
        """Leave only some units in the assessment."""
        from workflow.deciding import exclude

        for unit in set(self.units) - set(kept):
            with self.acting("chair") as (session, actor):
                exclude(session, actor, self.slug, unit, "Giải thể.")

    # people

    def enlist(self, local: str, role: str, organisation: str, **more: Any) -> int:
        """Give a demo person one more membership and return its id."""
        with transaction(self.engine) as session:
            place = session.scalars(select(Organisation.id).where(Organisation.code == organisation)).one()
            held = Membership(person_id=self.people[f"{local}@demo.example"], organisation_id=place, role=role, **more)
            session.add(held)
            session.flush()
            return held.id

    def assessment(self) -> Assessment:
        """The row of the assessment."""
        with self.looking() as session:
            return session.scalars(select(Assessment).where(Assessment.slug == self.slug)).one()


def inputs_for(code: str, points: int | None) -> dict[str, str]:
    """What is typed so that an indicator gives so many points."""
    if points is None:
        return {}
    return {"a": str(points * 2), "b": "10"} if code == "T.01" else {"points": str(points)}


def _points(told: Mapping[Any, int], unit: str, one: Standing, body: str) -> int:
    for key in ((unit, one.code, body), (unit, one.code), one.code):
        if key in told:
            return told[key] * POINT
    return 3 * POINT if one.self_points is None else one.self_points


def make_small(engine: Engine, **prepared: Any) -> Small:
    """Open the small season on its first day; `prepared` goes into the preparation (policies, presets)."""
    made = make_season(engine, UNITS, catalogue=CATALOGUE, **prepared)
    return Small(**{one.name: getattr(made, one.name) for one in fields(made)})


def policy(**values: str | int) -> dict[str, dict[str, str | int]]:
    """Policies for a preparation."""
    return {name: {"value": value, "reference": "Thử"} for name, value in values.items()}


@contextmanager
def refused(*places: str, saying: str = "") -> Iterator[None]:
    """Expect a refusal with problems at exactly these places (none named: one without a place), and maybe a certain text."""
    with pytest.raises(Refused) as caught:
        yield
    found = [problem.place for problem in caught.value.problems]
    assert found == list(places or ("",)), caught.value
    assert not saying or saying in {problem.text for problem in caught.value.problems}, caught.value


def counts(one: Standing) -> bool:
    """Whether an item is in numerator and maximum."""
    return one.applicability is not Applicability.NOT_APPLICABLE


def as_person(season: Season, session: Session, local: str, membership_id: int, **more: Any) -> Actor:
    """A demo person acting under another of his or her memberships."""
    from workflow.actor import actor_for

    return actor_for(session, season.people[f"{local}@demo.example"], membership_id, **more)
