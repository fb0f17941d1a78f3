"""The stage a season is played on: who acts, when by the working clock, and how far each unit's case is to go."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from commands.simulation.people import email_of
from models.session import transaction
from models.tables import Assessment, Case, Guidance, Indicator, IndicatorBody, IndicatorGroup, Item, Organisation, Person
from states.case import CaseState
from states.clocks import Clock
from states.refusal import NotFound, Refused
from states.standing import Standing
from workflow.actor import Actor, actor_for
from workflow.calendar import calendar_of
from workflow.evidence_store import EvidenceStore
from workflow.scoring import Rule, parse_rule
from workflow.standing import standings


@dataclass(frozen=True, slots=True)
class Duty:
    """One indicator of one unit as the players know it."""

    code: str
    maximum: int
    rule: Rule
    bodies: tuple[str, ...]
    self_scored: bool
    topic: str
    """The name of its group in the decision."""


@dataclass(slots=True)
class Stage:
    """Everything the players share. `targets` says how far each unit goes; `at` moves the clock along the calendar."""

    engine: Engine
    store: EvidenceStore
    slug: str
    seed: int
    targets: Mapping[str, CaseState]
    now: datetime
    never_submit: frozenset[str] = frozenset()
    duties: dict[str, list[Duty]] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    quality: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def acting(self, local: str) -> Iterator[tuple[Session, Actor]]:
        """Open one transaction as the demo person, at the stage's moment."""
        with transaction(self.engine) as session:
            session.info["working_now"] = self.now
            yield session, self._actor(session, email_of(local))

    def _actor(self, session: Session, email: str) -> Actor:
        """Return the demo person as an actor; a person or a role that the admin has taken away is named."""
        try:
            return actor_for(session, self.people[email])
        except (KeyError, NotFound):
            raise Refused(f"{email} không còn tài khoản hoặc vai nào để làm phần của mình; quản trị giao lại vai rồi chạy lại.") from None

    def random(self, *about: object) -> Random:
        """Return a random source of its own for one thing, so that order does not matter."""
        return Random(f"{self.seed}/{self.slug}/{'/'.join(map(str, about))}")  # noqa: S311  (plausible data, not secrets)

    def reaching(self, state: CaseState) -> list[str]:
        """Return the units whose case goes at least as far as `state`."""
        return [unit for unit, target in self.targets.items() if target.order >= state.order]

    def bodies(self) -> dict[str, list[str]]:
        """Return body → the indicator codes it grades for the units on stage."""
        found: dict[str, set[str]] = {}
        for duties in self.duties.values():
            for duty in duties:
                for body in duty.bodies:
                    found.setdefault(body, set()).add(duty.code)
        return {body: sorted(codes) for body, codes in sorted(found.items())}


def set_stage(engine: Engine, store: EvidenceStore, slug: str, seed: int, targets: Mapping[str, CaseState]) -> Stage:
    """Load what the players need to know of an open assessment."""
    with transaction(engine) as session:
        assessment = session.scalars(select(Assessment).where(Assessment.slug == slug)).one()
        people = dict(session.execute(select(Person.email, Person.id)).all())
        duties = _duties(session, assessment.id, targets)
        closes = calendar_of(session, assessment.id).until(Clock.SELF_SCORE)
        assert closes is not None
        opened = assessment.opened_at or closes
    opened = min(opened, closes - timedelta(days=30))  # a calendar may lie in the past of the day it was opened on
    stage = Stage(engine, store, slug, seed, targets, opened, duties=duties, people=people)
    stage.quality = {unit: 0.62 + 0.36 * stage.random("quality", unit).random() for unit in targets}
    return stage


def _duties(session: Session, assessment_id: int, units: Mapping[str, CaseState]) -> dict[str, list[Duty]]:
    bodies: dict[int, list[str]] = {}
    query = select(IndicatorBody.indicator_id, Organisation.code).join(Organisation, Organisation.id == IndicatorBody.organisation_id)
    for indicator_id, code in session.execute(query.order_by(IndicatorBody.indicator_id, IndicatorBody.position)):
        bodies.setdefault(indicator_id, []).append(code)
    rows = session.execute(
        select(
            Organisation.code, Indicator.code, Item.maximum, Item.self_scored, Item.indicator_id, Guidance.id, Guidance.rule,
            IndicatorGroup.title,
        )
        .join(Case, Case.id == Item.case_id).join(Organisation, Organisation.id == Case.unit_id)
        .join(Indicator, Indicator.id == Item.indicator_id).join(IndicatorGroup, IndicatorGroup.id == Indicator.group_id)
        .join(Guidance, Guidance.id == Item.guidance_id)
        .where(Case.assessment_id == assessment_id, Organisation.code.in_(units))
        .order_by(Case.id, Indicator.number)
    )  # fmt: skip
    rules: dict[int, Rule] = {}
    found: dict[str, list[Duty]] = {}
    for unit, code, maximum, self_scored, indicator_id, guidance_id, rule, topic in rows:
        rules.setdefault(guidance_id, parse_rule(rule))
        duty = Duty(code, maximum, rules[guidance_id], tuple(b for b in bodies[indicator_id] if b != unit), self_scored, topic)
        found.setdefault(unit, []).append(duty)
    return found


def chosen(units: Sequence[str], stage: Stage, what: str, share: float) -> list[str]:
    """Return a steady random share of the units."""
    return [unit for unit in units if stage.random(what, unit).random() < share]


def items_of(session: Session, slug: str, units: Sequence[str]) -> list[tuple[str, Standing]]:
    """Return (unit, standing) of all items of these units."""
    query = (
        select(Case.id, Organisation.code)
        .join(Organisation, Organisation.id == Case.unit_id)
        .join(Assessment, Assessment.id == Case.assessment_id)
    )
    codes = dict(session.execute(query.where(Assessment.slug == slug, Organisation.code.in_(units)).order_by(Case.id)).all())
    return [(codes[case_id], item) for case_id, items in standings(session, list(codes)).items() for item in items]


def versions_of(session: Session, slug: str, unit: str) -> dict[str, int]:
    """Return indicator → version of every draft item of a unit."""
    query = (
        select(Indicator.code, Item.version)
        .join(Indicator, Indicator.id == Item.indicator_id)
        .join(Case, Case.id == Item.case_id)
        .join(Assessment, Assessment.id == Case.assessment_id)
        .join(Organisation, Organisation.id == Case.unit_id)
    )
    return dict(session.execute(query.where(Assessment.slug == slug, Organisation.code == unit)).all())
