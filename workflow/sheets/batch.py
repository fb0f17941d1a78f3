"""The preview of a batch: which cases move together, which stay and why, and whether the chair has to agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Case, Organisation
from states.facts import Asked
from states.moves import MOVES, Move
from states.refusal import NotFound, Problem
from states.standing import total_and_maximum
from workflow.access import require_assessment
from workflow.actor import Actor
from workflow.calendar import days_off, explanation_ends
from workflow.move import LeftOut, preview_batch
from workflow.sheets.offers import gather
from workflow.standing import standings

KEEPS_RESULT = "keep_final_totals"
STARTS_EXPLAINING = "start_explanation_round"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a case comes to before its result is kept: points of each stage and the applicable maximum, in ten-thousandths."""

    own: int
    round1: int
    final: int
    maximum: int


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as a table names it; `codes` are the indicators that keep its case where it is, `figures` what is about to be kept."""

    code: str
    name: str
    kind: str
    codes: tuple[str, ...] = ()
    figures: Figures | None = None
    due: int | None = None
    """How many indicators it may explain, where that is what the batch asks for."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence of what is missing, and whom it keeps back."""

    problem: Problem
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class BatchPreview:
    """A batch before it is moved; nothing has been written."""

    slug: str
    year: int
    trial: bool
    move: Move
    ready: tuple[Unit, ...]
    left_out: int
    """How many cases at this step do not move."""
    reasons: tuple[Reason, ...]
    holds_own: bool
    """The own organisation's case is among those ready: the chair confirms the batch."""
    ends: datetime | None
    """When the clock that the batch starts now would run out."""
    days_off: tuple[date, ...]
    """The weekdays before it that do not count."""

    @property
    def with_figures(self) -> bool:
        """Whether points are shown: who finalises sees what becomes final."""
        return any(unit.figures for unit in self.ready)


def batch_preview(session: Session, actor: Actor, slug: str, trigger: str) -> BatchPreview:
    """Return the preview; `NotFound` for a move that is not the actor's, or that is proposed elsewhere."""
    assessment = require_assessment(session, actor, trigger, slug)
    move = next((one for one in MOVES if one.trigger == trigger and one.batch and not one.of_the_whole), None)
    if move is None:
        raise NotFound
    codes, left_out = preview_batch(session, actor, slug, trigger, Asked())
    query = select(Case.id, Organisation).join(Case, Case.unit_id == Organisation.id).where(Case.assessment_id == assessment.id)
    units = {unit.code: (case_id, unit) for case_id, unit in session.execute(query.order_by(Organisation.sort_key, Organisation.code))}
    ready = [units[code] for code in units if code in set(codes)]
    ids = [case_id for case_id, _ in ready]
    figures = _figures(session, ids) if KEEPS_RESULT in move.effects else {}
    asks = STARTS_EXPLAINING in move.effects
    due = {key: sum(item.answerable for item in items) for key, items in standings(session, ids).items()} if asks else {}
    ends = explanation_ends(session, assessment) if asks else None
    return BatchPreview(
        slug, assessment.year, assessment.trial, move,
        tuple(Unit(unit.code, unit.called, unit.type_word, figures=figures.get(case_id), due=due.get(case_id)) for case_id, unit in ready),
        len(left_out), _reasons(left_out, {code: unit for code, (_, unit) in units.items()}),
        any(unit.id in actor.organisations for _, unit in ready), ends,
        days_off(session, assessment.id, ends) if ends else (),
    )  # fmt: skip


def _figures(session: Session, case_ids: Sequence[int]) -> dict[int, Figures]:
    """Return what each case comes to as things stand."""
    result = {}
    for case_id, items in standings(session, case_ids).items():
        own, round1, final = (total_and_maximum(items, stage) for stage in ("self_points", "round1", "final"))
        result[case_id] = Figures(own[0], round1[0], *final)
    return result


def _reasons(left_out: Sequence[LeftOut], units: dict[str, Organisation]) -> tuple[Reason, ...]:
    """Put the cases that stay under the sentences that keep them, in the order of the units."""
    order = list(units)
    found: dict[str, tuple[Problem, list[Unit]]] = {}
    for one in sorted(left_out, key=lambda left: order.index(left.unit)):
        for gap in gather(one.problems):
            unit = Unit(one.unit, units[one.unit].called, units[one.unit].type_word, gap.codes)
            found.setdefault(gap.problem.text, (gap.problem, []))[1].append(unit)
    return tuple(Reason(problem, tuple(kept)) for problem, kept in found.values())
