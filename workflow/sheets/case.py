"""The page of one case: head, items by group, totals, what may be done and what is missing for it, what happened, its submissions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Catalogue, Organisation, Person, Submission
from states.case import CaseState
from states.facts import CaseFacts
from states.items import Applicability
from states.permissions import may
from states.results import percent_of, total_of
from states.standing import Standing
from states.visibility import Part
from workflow.actor import Actor
from workflow.calendar import calendar_of
from workflow.contacts import Secretariat, UnitPerson, people_of, secretariat_of
from workflow.facts import load_facts
from workflow.publishing import visible
from workflow.sheets.happened import Happened, timeline
from workflow.sheets.head import CaseHead, make_head
from workflow.sheets.lines import GroupLines, ItemLine, group_lines
from workflow.sheets.offers import Awaited, Gap, Offer, gather, make_offers
from workflow.sheets.view import View, open_view
from workflow.standing import standings


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums as the actor may see them, in ten-thousandths; `maximum` is that of the items that count."""

    maximum: int
    self_total: int | None = None
    round1: int | None = None
    final: int | None = None

    @property
    def self_percent(self) -> int | None:
        """Hundredths of a percent."""
        return None if self.self_total is None else percent_of(self.self_total, self.maximum)


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts only, for whom nothing else is open yet."""

    items: int
    unfinished: int
    requested: int

    @property
    def done(self) -> int:
        """How many items need nothing more."""
        return self.items - self.unfinished


@dataclass(frozen=True, slots=True)
class Handed:
    """One submission: its number, when, by whom, and the code of its receipt (only for the unit)."""

    sequence: int
    at: datetime
    person: str
    receipt_code: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class CaseSheet:
    """One case as the actor may see it. `groups` is empty where only counts are open."""

    head: CaseHead
    decimals: int
    groups: tuple[GroupLines, ...]
    totals: Totals
    progress: Progress
    offers: tuple[Offer, ...]
    awaited: tuple[Awaited, ...]
    timeline: tuple[Happened, ...]
    submissions: tuple[Handed, ...]
    bodies: dict[str, str]
    sees_round1: bool
    sees_final: bool
    blank_reason: str
    gaps: tuple[Gap, ...]
    """What stands in the way of submitting, while the case is a draft."""
    may_readmit: bool
    correcting: bool
    """It was published and is being corrected."""
    still_public: bool
    """Everybody can read what was published of it before."""
    accepted_at: datetime | None
    sent_at: datetime | None
    secretariat: Secretariat | None
    """Whom the unit asks; nothing for others."""
    people: tuple[UnitPerson, ...]
    """Whom the secretariat calls; nothing for others."""

    @property
    def lines(self) -> tuple[ItemLine, ...]:
        """All items, in order."""
        return tuple(line for group in self.groups for line in group.lines)

    @property
    def all_provisional(self) -> bool:
        """Whether every rule is provisional: then it is said once."""
        return bool(self.lines) and all(line.provisional for line in self.lines)

    @property
    def next_missing(self) -> ItemLine | None:
        """The first item that needs something."""
        return next((line for line in self.lines if line.unfinished), None)


def case_sheet(session: Session, actor: Actor, slug: str, unit: str) -> CaseSheet:
    """Return the sheet of a case, in a constant number of statements."""
    return make_case_sheet(session, open_view(session, actor, slug, unit))


def make_case_sheet(session: Session, view: View) -> CaseSheet:
    """Return the sheet of a case that was opened."""
    case, assessment = view.case, view.assessment
    facts = load_facts(session, assessment, [case], view.now)[case.id]
    items = standings(session, [case.id])[case.id]
    groups = group_lines(session, view, items, facts)
    lines = [line for group in groups for line in group.lines]
    offers, awaited = make_offers(session, view, facts)
    return CaseSheet(
        head=make_head(session, view, calendar_of(session, assessment.id, [case.id])),
        decimals=session.get_one(Catalogue, assessment.catalogue_id).decimals, groups=groups, totals=totals_of(view, lines),
        progress=_progress(items, facts) if not view.body else Progress(len(lines), 0, 0),
        offers=offers, awaited=awaited, timeline=timeline(session, view), submissions=_submissions(session, view),
        bodies=body_names(session), sees_round1=any(line.round1 is not None for line in lines),
        sees_final=_has_results(view, lines), blank_reason=case.frozen_blank_reason if view.contents else "",
        gaps=tuple(gather([problem for line in lines for problem in line.problems])) if view.state is CaseState.DRAFT else (),
        may_readmit=case.excluded_at is not None and may(view.actor.role, "readmit", view.state), correcting=case.correction_id is not None,
        still_public=case.correction_id is not None and not assessment.trial and visible(session, assessment.id) is not None,
        accepted_at=case.round1_accepted_at, sent_at=case.explanation_sent_at,
        secretariat=secretariat_of(session, assessment) if view.own else None,
        people=people_of(session, view.unit.id, assessment.id) if may(view.actor.role, "extend") else (),
    )  # fmt: skip


def _has_results(view: View, lines: Sequence[ItemLine]) -> bool:
    """Whether there are results beyond round 1 that the actor sees."""
    settled = view.state in {CaseState.ROUND2_FINAL, CaseState.PUBLISHED}
    return not view.body and view.sees(Part.ROUND2) and (settled or any(line.round2 is not None for line in lines))


def _progress(items: Sequence[Standing], facts: CaseFacts) -> Progress:
    unfinished = {*facts.unscored, *facts.unproved, *facts.unconfirmed}
    return Progress(len(items), len(unfinished), sum(item.applicability is Applicability.REQUESTED for item in items))


def totals_of(view: View, lines: list[ItemLine]) -> Totals:
    """Return the sums of what the actor sees; of round 1 and the final points only where the sum itself is open."""
    counting = [line for line in lines if line.counts]
    return Totals(
        sum(line.maximum for line in counting),
        _sum(counting, "self_points") if view.sees(Part.SELF) and not view.body else None,
        _sum(counting, "round1") if view.sees(Part.ROUND1_TOTAL) else None,
        _sum(counting, "final") if view.sees(Part.FINAL_TOTAL) else None,
    )


def _sum(lines: Sequence[ItemLine], column: str) -> int | None:
    """Return the sum of a column; none where nothing was given yet."""
    values = [getattr(line, column) for line in lines]
    return total_of(values) if any(value is not None for value in values) else None


def body_names(session: Session) -> dict[str, str]:
    """Return the short names of the grading bodies by code; one statement."""
    query = select(Organisation.code, Organisation.short_name).where(Organisation.is_body.is_(True)).order_by(Organisation.sort_key)
    return dict(session.execute(query).all())


def _submissions(session: Session, view: View) -> tuple[Handed, ...]:
    if not view.contents or view.body:
        return ()
    query = select(Submission, Person.name).outerjoin(Person, Person.id == Submission.person_id)
    rows = session.execute(query.where(Submission.case_id == view.case.id).order_by(Submission.sequence)).all()
    return tuple(Handed(s.sequence, s.at, name or "", s.receipt_code if view.own else "", s.content_hash) for s, name in rows)
