"""The preview of a batch: which cases move together, which stay and why, and whether the chair has to agree."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Case, Organisation
from states.facts import Asked
from states.moves import MOVES, Move
from states.refusal import NotFound
from workflow.access import require_assessment
from workflow.actor import Actor
from workflow.move import preview_batch
from workflow.sheets.grid_rows import name_and_kind
from workflow.sheets.offers import Gap, gather


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as a table names it, and what keeps its case where it is."""

    code: str
    name: str
    kind: str
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchPreview:
    """A batch before it is moved; nothing has been written."""

    slug: str
    year: int
    trial: bool
    move: Move
    ready: tuple[Unit, ...]
    left_out: tuple[Unit, ...]
    holds_own: bool
    """The own organisation's case is among those ready: the chair confirms the batch."""


def batch_preview(session: Session, actor: Actor, slug: str, trigger: str) -> BatchPreview:
    """Return the preview; `NotFound` for a move that is not the actor's, or that is proposed elsewhere."""
    assessment = require_assessment(session, actor, trigger, slug)
    move = next((one for one in MOVES if one.trigger == trigger and one.batch and not one.of_the_whole), None)
    if move is None:
        raise NotFound
    ready, left_out = preview_batch(session, actor, slug, trigger, Asked())
    query = select(Organisation).join(Case, Case.unit_id == Organisation.id).where(Case.assessment_id == assessment.id)
    units = {unit.code: unit for unit in session.scalars(query.order_by(Organisation.sort_key, Organisation.code))}
    gaps = {one.unit: tuple(gather(one.problems)) for one in left_out}
    return BatchPreview(
        slug, assessment.year, assessment.trial, move,
        tuple(Unit(code, *name_and_kind(unit)) for code, unit in units.items() if code in set(ready)),
        tuple(Unit(code, *name_and_kind(unit), gaps[code]) for code, unit in units.items() if code in gaps),
        any(units[code].id in actor.organisations for code in ready),
    )  # fmt: skip
