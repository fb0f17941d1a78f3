"""The guidance as the secretariat rewrites it: what holds, what the draft changes, whom that touches, and one indicator to edit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Assessment, GuidanceVersion, Organisation
from states.permissions import may
from states.refusal import NotFound
from workflow.access import require_assessment
from workflow.actor import Actor
from workflow.amending import Change, impact, released
from workflow.catalogue.content import STATUSES
from workflow.guidance import draft_of, guidance_said
from workflow.sheets.method import MethodLine, MethodSet, OfSets, sets_under
from workflow.sheets.waiting import Waiting, waiting_for_chair

READERS = ("amend", "confirm_proposal", "see_journal")


@dataclass(frozen=True, slots=True)
class Changed:
    """A change as people read it: the method before and after, and the units it touches by name."""

    line: MethodLine
    before: MethodLine
    change: Change
    writing: tuple[str, ...]
    submitted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GuidanceSheet(OfSets):
    """The guidance of one assessment; of an open one the draft lies over it."""

    slug: str
    title: str
    trial: bool
    preparing: bool
    released: bool
    """Round 1 is out: nothing changes any more."""
    version: int
    draft: int | None
    shown_id: int
    """The version on the page: the draft, or the one that holds."""
    sets: tuple[MethodSet, ...]
    changes: tuple[Changed, ...]
    waiting: Waiting | None
    """What lies before the chair: the amendment, or before opening the opening itself."""
    may_write: bool
    may_confirm: bool

    @property
    def changed_codes(self) -> frozenset[str]:
        """The indicators that the draft changes."""
        return frozenset(changed.line.code for changed in self.changes)

    @property
    def open_to_change(self) -> bool:
        """Whether the actor can change something now."""
        return self.may_write and not self.released and self.waiting is None


@dataclass(frozen=True, slots=True)
class GuidanceEntrySheet:
    """One indicator's guidance to edit, as it is stored (`said`)."""

    sheet: GuidanceSheet
    line: MethodLine
    said: Mapping[str, Any]
    statuses: tuple[str, ...] = STATUSES


def guidance_sheet(session: Session, actor: Actor, slug: str) -> GuidanceSheet:
    """Return the page; `NotFound` for who neither writes guidance nor confirms nor audits it."""
    action = next((name for name in READERS if may(actor.role, name)), "amend")
    assessment = require_assessment(session, actor, action, slug)
    if assessment.guidance_version_id is None:
        raise NotFound
    draft = draft_of(session, assessment) if assessment.state == "open" else None
    shown_id = draft.id if draft else assessment.guidance_version_id
    sets, preparing = sets_under(session, assessment.catalogue_id, shown_id), assessment.state == "preparation"
    return GuidanceSheet(
        slug, assessment.title, assessment.trial, preparing, released(session, assessment),
        session.get_one(GuidanceVersion, assessment.guidance_version_id).number, draft.number if draft else None, shown_id, sets,
        _changes(session, assessment, sets), waiting_for_chair(session, assessment.id, "open_assessment" if preparing else "amend"),
        may(actor.role, "amend"), may(actor.role, "confirm_proposal"),
    )  # fmt: skip


def guidance_entry(session: Session, actor: Actor, slug: str, code: str) -> GuidanceEntrySheet:
    """Return one indicator of the page, for who writes it; `NotFound` for a code the catalogue does not have."""
    sheet = guidance_sheet(session, actor, slug)
    line = _lines(sheet.sets).get(code)
    if line is None or not sheet.may_write:
        raise NotFound
    return GuidanceEntrySheet(sheet, line, guidance_said(session, sheet.shown_id)[code])


def _lines(sets: tuple[MethodSet, ...]) -> dict[str, MethodLine]:
    return {line.code: line for chosen in sets for group in chosen.groups for line in group.lines}


def _changes(session: Session, assessment: Assessment, sets: tuple[MethodSet, ...]) -> tuple[Changed, ...]:
    changes = impact(session, assessment)
    if not changes:
        return ()
    before, after = _lines(sets_under(session, assessment.catalogue_id, assessment.guidance_version_id)), _lines(sets)
    touched = {unit for change in changes for unit in (*change.writing, *change.submitted)}
    names = dict(session.execute(select(Organisation.code, Organisation.short_name).where(Organisation.code.in_(touched))).all())
    return tuple(
        Changed(
            after[one.code], before[one.code], one, tuple(names[unit] for unit in one.writing),
            tuple(names[unit] for unit in one.submitted),
        )
        for one in changes
    )  # fmt: skip
