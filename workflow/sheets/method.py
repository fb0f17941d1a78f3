"""The method of an assessment in plain words, and its calendar: public from the day it opens (Decision 5279, art. 2.3.c)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import (
    Assessment,
    Catalogue,
    Document,
    Guidance,
    Indicator,
    IndicatorBody,
    IndicatorGroup,
    IndicatorSet,
    Organisation,
)
from states.clocks import CLOCK_LABELS, Clock, local_day
from states.policies import POLICIES, Policy, policy_value
from states.refusal import NotFound
from workflow.calendar import Calendar, calendar_of
from workflow.clock import read_working_clock
from workflow.scoring import Field, Sentence, parse_rule
from workflow.season import running_first

PROVISIONAL = "provisional"


@dataclass(frozen=True, slots=True)
class MethodLine:
    """How one indicator is scored: the formula as sentences, the inputs in words, and whether that is provisional (tạm tính)."""

    code: str
    title: str
    points: int
    note: str
    bodies: tuple[str, ...]
    formula: tuple[Sentence, ...]
    fields: tuple[Field, ...]
    evidence: tuple[str, ...]
    hint: str
    provisional: bool
    only_for: tuple[str, ...]
    """Codes of the only units it applies to; empty for all."""


@dataclass(frozen=True, slots=True)
class MethodGroup:
    """A main index with its indicators."""

    number: str
    title: str
    points: int
    lines: tuple[MethodLine, ...]


@dataclass(frozen=True, slots=True)
class MethodSet:
    """One annex."""

    code: str
    title: str
    name: str
    total: int
    groups: tuple[MethodGroup, ...]


@dataclass(frozen=True, slots=True)
class PolicySaid:
    """One policy as set: its label, its value (a source string or a number), and why."""

    label: str
    value: str
    reference: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One date of the calendar; none where the clock starts for each unit by itself."""

    clock: Clock
    label: str
    until: datetime | None
    status: str
    """done, now or later."""


@dataclass(frozen=True, slots=True)
class CalendarSheet:
    """The calendar of an assessment for everybody."""

    slug: str
    year: int
    title: str
    opens: date | None
    stages: tuple[Stage, ...]
    explanation_days: int


class OfSets:
    """What is counted over all indicators of a page; subclasses hold the `sets`."""

    __slots__ = ()
    sets: tuple[MethodSet, ...]

    @property
    def provisional(self) -> int:
        """How many formulas are provisional."""
        return sum(line.provisional for chosen in self.sets for group in chosen.groups for line in group.lines)

    @property
    def indicators(self) -> int:
        """How many indicators there are."""
        return sum(len(group.lines) for chosen in self.sets for group in chosen.groups)


@dataclass(frozen=True, slots=True)
class MethodSheet(OfSets):
    """All that a unit or a citizen needs to recompute a score."""

    slug: str
    year: int
    title: str
    decision: Mapping[str, Any]
    catalogue: str
    sets: tuple[MethodSet, ...]
    policies: tuple[PolicySaid, ...]
    guidance_document: str
    """Address of the guidance document; empty where none was attached."""
    guidance_name: str


def public_assessments(session: Session) -> list[tuple[str, int, str]]:
    """Return (slug, year, title) of the assessments whose method is public: opened and no rehearsal; the newest first."""
    query = select(Assessment.slug, Assessment.year, Assessment.title).where(Assessment.opened_at.is_not(None), Assessment.trial.is_(False))
    return list(session.execute(query.order_by(Assessment.year.desc(), Assessment.id.desc())))


def _assessment(session: Session, slug: str) -> Assessment:
    """Return the assessment asked for, or the one that runs; only public ones exist here."""
    query = select(Assessment).where(Assessment.opened_at.is_not(None), Assessment.trial.is_(False))
    if slug:
        query = query.where(Assessment.slug == slug)
    found = session.scalars(query.order_by(*running_first(read_working_clock(session)))).first()
    if found is None:
        raise NotFound
    return found


def method_of(session: Session, slug: str = "") -> MethodSheet:
    """Return the method of a public assessment."""
    assessment = _assessment(session, slug)
    catalogue = session.get_one(Catalogue, assessment.catalogue_id)
    document = session.get(Document, assessment.guidance_document_id) if assessment.guidance_document_id else None
    return MethodSheet(
        assessment.slug, assessment.year, assessment.title, catalogue.decision, catalogue.title,
        sets_under(session, catalogue.id, assessment.guidance_version_id),
        said_policies(assessment.policies), document.address if document and document.public else "",
        document.file_name if document and document.public else "",
    )  # fmt: skip


def public_calendar(session: Session, slug: str = "") -> CalendarSheet:
    """Return the calendar of a public assessment: the general dates, never those of one unit."""
    assessment = _assessment(session, slug)
    calendar = calendar_of(session, assessment.id, [])
    return CalendarSheet(
        assessment.slug, assessment.year, assessment.title, local_day(assessment.opened_at) if assessment.opened_at else None,
        tuple(_stages(calendar, read_working_clock(session))),
        int(policy_value(assessment.policies, "explanation_working_days")),
    )  # fmt: skip


def _stages(calendar: Calendar, now: datetime) -> Iterator[Stage]:
    status = "now"
    for clock in Clock:
        until = calendar.until(clock)
        if until is None:
            yield Stage(clock, CLOCK_LABELS[clock], None, status)
            continue
        yield Stage(clock, CLOCK_LABELS[clock], until, "done" if until <= now else status)
        status = status if until <= now else "later"


def sets_under(session: Session, catalogue_id: int, guidance_version_id: int | None) -> tuple[MethodSet, ...]:
    """Return the annexes of a catalogue with every rule of a guidance version. Three statements."""
    of_catalogue = IndicatorSet.catalogue_id == catalogue_id
    sets = session.scalars(select(IndicatorSet).where(of_catalogue).order_by(IndicatorSet.position)).all()
    bodies = _bodies(session, [one.id for one in sets])
    rows = session.execute(
        select(IndicatorGroup, Indicator, Guidance)
        .join(Indicator, Indicator.group_id == IndicatorGroup.id)
        .join(Guidance, (Guidance.indicator_id == Indicator.id) & (Guidance.version_id == guidance_version_id))
        .where(IndicatorGroup.indicator_set_id.in_([one.id for one in sets]))
        .order_by(IndicatorGroup.position, Indicator.number)
    ).all()
    lines: defaultdict[int, list[MethodLine]] = defaultdict(list)
    groups: dict[int, IndicatorGroup] = {}
    for group, indicator, guidance in rows:
        groups[group.id] = group
        lines[group.id].append(_line(group, indicator, guidance, bodies[indicator.id]))
    return tuple(
        MethodSet(
            one.code, one.title, one.ranking_group, one.total,
            tuple(
                MethodGroup(group.number, group.title, group.points, tuple(lines[key]))
                for key, group in groups.items() if group.indicator_set_id == one.id
            ),
        )
        for one in sets
    )  # fmt: skip


def _line(group: IndicatorGroup, indicator: Indicator, guidance: Guidance, bodies: Sequence[str]) -> MethodLine:
    rule = parse_rule(guidance.rule)
    return MethodLine(
        indicator.code, indicator.title, indicator.points, indicator.note, tuple(bodies), rule.formula(indicator.points), rule.fields(),
        tuple(guidance.evidence), guidance.hint, guidance.status == PROVISIONAL, tuple(indicator.applies_to or group.applies_to or ()),
    )  # fmt: skip


def _bodies(session: Session, sets: Sequence[int]) -> defaultdict[int, list[str]]:
    query = select(IndicatorBody.indicator_id, Organisation.short_name).join(Organisation, Organisation.id == IndicatorBody.organisation_id)
    query = query.join(Indicator, Indicator.id == IndicatorBody.indicator_id).where(Indicator.indicator_set_id.in_(sets))
    found: defaultdict[int, list[str]] = defaultdict(list)
    for indicator, name in session.execute(query.order_by(IndicatorBody.indicator_id, IndicatorBody.position)):
        found[indicator].append(name)
    return found


def said_policies(policies: Mapping[str, Any]) -> tuple[PolicySaid, ...]:
    """Return every policy with the value set for an assessment, in words."""
    return tuple(_said(policy, policies) for policy in POLICIES)


def _said(policy: Policy, policies: Mapping[str, Any]) -> PolicySaid:
    given = policies.get(policy.name, {})
    value = given.get("value", policy.default)
    words = dict(policy.choices)
    return PolicySaid(policy.label, words.get(str(value), str(value)), given.get("reference") or policy.hint)
