"""The whole sheet of a case as it goes on paper: each item with points, proofs and words, and the seal of what was handed in."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Document, EvidenceLink, Guidance, Indicator, Item, Organisation
from states.items import Stage
from states.refusal import NotFound
from states.visibility import Part
from workflow.actor import Actor
from workflow.receipts import number_of
from workflow.scoring import parse_rule
from workflow.sheets.case import CaseSheet, Handed, make_case_sheet
from workflow.sheets.form import in_words, kept_values
from workflow.sheets.view import View, open_view


@dataclass(frozen=True, slots=True)
class Cited:
    """One document as a line on paper cites it."""

    name: str
    place: tuple[str, str]
    """Section and page."""


@dataclass(frozen=True, slots=True)
class Phieu:
    """The case, what proves each indicator, what was written to it, and the submission that is printed."""

    case: CaseSheet
    cited: Mapping[str, tuple[Cited, ...]]
    values: Mapping[str, str]
    """What the score of an indicator was counted from: a and b, the answer chosen."""
    texts: Mapping[str, str]
    submission: Handed | None
    number: str
    part_of: str
    """The body whose indicators these are, where the reader sees only those; empty where it is the whole sheet."""


def phieu_sheet(session: Session, actor: Actor, slug: str, unit: str) -> Phieu:
    """Return the sheet to print; `NotFound` where only counts are open to the actor."""
    view = open_view(session, actor, slug, unit)
    if not view.contents:
        raise NotFound
    case = make_case_sheet(session, view)
    submission = case.submissions[-1] if case.submissions and case.head.state != "draft" else None
    shown = {line.code for line in case.lines}
    return Phieu(
        case, _cited(session, view) if view.sees(Part.EVIDENCE) else {}, _values(session, view, shown) if view.sees(Part.SELF) else {},
        _texts(session, view, shown), submission,
        number_of(unit, slug, submission.sequence) if submission else "", _part_of(session, view),
    )  # fmt: skip


def _part_of(session: Session, view: View) -> str:
    return session.get_one(Organisation, view.actor.organisation_id).name if view.body else ""


def _cited(session: Session, view: View) -> dict[str, tuple[Cited, ...]]:
    rows = session.execute(
        select(Indicator.code, Document.number, Document.subject, Document.file_name, EvidenceLink.section, EvidenceLink.page)
        .join(Item, Item.indicator_id == Indicator.id)
        .join(EvidenceLink, EvidenceLink.item_id == Item.id)
        .join(Document, Document.id == EvidenceLink.document_id)
        .where(Item.case_id == view.case.id, EvidenceLink.removed_at.is_(None), EvidenceLink.stage == Stage.SELF)
        .order_by(EvidenceLink.id)
    )
    found: defaultdict[str, list[Cited]] = defaultdict(list)
    for code, number, subject, file_name, section, page in rows:
        found[code].append(Cited(number or subject or file_name, (section, page)))
    return {code: tuple(cited) for code, cited in found.items()}


def _values(session: Session, view: View, shown: set[str]) -> dict[str, str]:
    """Return what stands in the fields of each indicator, in words; points given outright stand in their column already."""
    query = select(Indicator.code, Guidance.rule, Item.draft_inputs).join(Item, Item.indicator_id == Indicator.id)
    rows = session.execute(query.join(Guidance, Guidance.id == Item.guidance_id).where(Item.case_id == view.case.id))
    rules = {code: (parse_rule(rule), inputs) for code, rule, inputs in rows if inputs and code in shown}
    return {code: in_words(rule.fields(), kept_values(rule, inputs)) for code, (rule, inputs) in rules.items() if rule.kind != "manual"}


def _texts(session: Session, view: View, shown: set[str]) -> dict[str, str]:
    """Return the unit's words on each indicator: its explanation of the score, or of why it does not apply."""
    query = select(Indicator.code, Item.draft_text, Item.na_reason).join(Item, Item.indicator_id == Indicator.id)
    rows = session.execute(query.where(Item.case_id == view.case.id))
    return {code: na_reason or text for code, text, na_reason in rows if (na_reason or text) and code in shown}
