"""What stands over the grid of one indicator: its words, its rule, who grades it and who answers for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import (
    Assessment,
    Assignment,
    Case,
    Catalogue,
    Guidance,
    Indicator,
    IndicatorBody,
    IndicatorGroup,
    IndicatorSet,
    Item,
    Organisation,
)  # fmt: skip
from states.refusal import NotFound
from workflow.access import mine
from workflow.actor import Actor
from workflow.calendar import Calendar, calendar_of
from workflow.clock import working_now
from workflow.contacts import ContactCard, contacts_of
from workflow.scoring import Field, Rule, Sentence, parse_rule
from workflow.sheets.counted import beside

PROVISIONAL = "provisional"
NUMBERS = frozenset({"number", "points"})


@dataclass(frozen=True, slots=True)
class InputColumn:
    """One input of the rule as a column of the grid."""

    name: str
    label: str
    unit: str
    number: bool
    choices: Mapping[str, str]

    @classmethod
    def of(cls, field: Field) -> "InputColumn":
        """Return the column of a field."""
        return cls(field.name, field.label, field.unit, field.kind in NUMBERS, {choice.value: choice.label for choice in field.choices})


@dataclass(frozen=True, slots=True)
class IndicatorHead:
    """One indicator under the guidance of an assessment."""

    indicator_id: int
    code: str
    title: str
    group: str
    place: str
    """The local number, as the decision writes it: "3.1"."""
    maximum: int
    decimals: int
    note: str
    self_scored: bool
    provisional: bool
    rule: Rule
    hint: str
    expected: tuple[str, ...]
    bodies: Mapping[str, str]
    """Code → name, in the order written."""
    contact: ContactCard | None
    """Of the actor's own body."""
    calendar: Calendar
    now: datetime

    @property
    def columns(self) -> tuple[InputColumn, ...]:
        """The inputs the unit fills in; none for an indicator that units do not score."""
        return tuple(InputColumn.of(field) for field in self.rule.fields()) if self.self_scored else ()

    @property
    def fields(self) -> tuple[Field, ...]:
        """What the rule asks for."""
        return self.rule.fields()

    @property
    def formula(self) -> tuple[Sentence, ...]:
        """The method in plain words."""
        return self.rule.formula(self.maximum)


def load_head(session: Session, actor: Actor, assessment: Assessment, code: str) -> IndicatorHead:
    """Return the head of an indicator of the assessment's catalogue; `NotFound` for a code it does not have."""
    for head in load_heads(session, actor, assessment, [code]):
        return head
    raise NotFound


def load_heads(session: Session, actor: Actor, assessment: Assessment, codes: Sequence[str]) -> list[IndicatorHead]:
    """Return the heads of these indicators in the order of the catalogue; codes it does not have are not among them."""
    query = (
        select(Indicator, IndicatorGroup, Guidance, Catalogue.decimals)
        .join(IndicatorGroup, IndicatorGroup.id == Indicator.group_id)
        .join(IndicatorSet, IndicatorSet.id == Indicator.indicator_set_id)
        .join(Catalogue, Catalogue.id == IndicatorSet.catalogue_id)
        .join(Guidance, (Guidance.indicator_id == Indicator.id) & (Guidance.version_id == assessment.guidance_version_id))
        .where(IndicatorSet.catalogue_id == assessment.catalogue_id, Indicator.code.in_(codes))
        .order_by(IndicatorSet.id, Indicator.number)
    )
    found = session.execute(query).all()
    bodies = _bodies(session, [indicator.id for indicator, *_ in found])
    contacts = contacts_of(session, assessment.id, codes)
    calendar, now = calendar_of(session, assessment.id, []), actor.arrived_at or working_now(session)
    return [
        IndicatorHead(
            indicator.id, indicator.code, indicator.title, group.short_title, f"{group.number}.{indicator.local_number}", indicator.points,
            decimals, indicator.note, indicator.self_scored, guidance.status == PROVISIONAL, parse_rule(guidance.rule), guidance.hint,
            tuple(guidance.evidence), bodies[indicator.id], contacts.get((indicator.code, actor.organisation_code)), calendar, now,
        )
        for indicator, group, guidance, decimals in found
    ]  # fmt: skip


def _bodies(session: Session, indicators: Sequence[int]) -> dict[int, dict[str, str]]:
    query = select(IndicatorBody.indicator_id, Organisation.code, Organisation.short_name)
    query = query.join(Organisation, Organisation.id == IndicatorBody.organisation_id).where(IndicatorBody.indicator_id.in_(indicators))
    found: dict[int, dict[str, str]] = {one: {} for one in indicators}
    for indicator_id, code, name in session.execute(query.order_by(IndicatorBody.indicator_id, IndicatorBody.position)):
        found[indicator_id][code] = name
    return found


def neighbours(session: Session, actor: Actor, assessment: Assessment, code: str) -> tuple[str, str]:
    """Return the codes before and after this one in the actor's queue; empty at the ends."""
    query = select(Indicator.code).join(Item, Item.indicator_id == Indicator.id).join(Case, Case.id == Item.case_id)
    query = query.join(Assignment, Assignment.item_id == Item.id).where(Case.assessment_id == assessment.id, mine(actor))
    return beside(session.scalars(query.distinct().order_by(Indicator.code)).all(), code)
