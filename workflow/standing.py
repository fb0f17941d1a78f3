"""Loads how items stand, for one case or all of a season, in the same few statements."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from models.tables import Assignment, Blob, Case, Deadline, Document, EvidenceLink, Explanation, Indicator, Item, Organisation, ScoreEntry
from states.case import CaseState
from states.clocks import Clock
from states.items import Applicability, Stage, Stance
from states.standing import Graded, Standing
from workflow.clock import working_now


def standings(session: Session, case_ids: Sequence[int], item_ids: Sequence[int] | None = None) -> dict[int, list[Standing]]:
    """Return the standings of each case, in the order of the indicators. Three statements, however many cases."""
    named: dict[str, Any] = {"cases": list(case_ids), "now": working_now(session)} | ({} if item_ids is None else {"items": list(item_ids)})
    grades = _grades(session, {key: value for key, value in named.items() if key != "now"})
    result: dict[int, list[Standing]] = {case_id: [] for case_id in case_ids}
    for row in session.execute(ITEMS_NAMED if "items" in named else ITEMS_OF_CASES, named):
        result[row.case_id].append(
            Standing(
                item_id=row.id, case_id=row.case_id, code=row.code, maximum=row.maximum, applicability=Applicability(row.applicability),
                self_scored=row.self_scored, drafted=row.draft_points is not None, proved=bool(row.draft_text.strip()) or row.evident,
                needs_confirmation=row.needs_confirmation, self_points=row.self_points, grades=tuple(grades[row.id]),
                decision1=row.decision1, decision2=row.decision2, decision2_round=row.decision2_round or 0, decision2_at=row.decision2_at,
                questioned_round=row.questioned_round, reopened_round=row.reopened_round, explanation_round=row.explanation_round,
                awaited=row.awaited, contested_round=row.contested_round or 0, contested_at=row.contested_at, stance=row.stance or "",
                sent=row.sent_at is not None,
                answered=bool((row.answer or "").strip()) or row.proposed_points is not None or row.newly_evident,
            )
        )  # fmt: skip
    return result


def standing_of(session: Session, item: Item) -> Standing:
    """Return how one item stands."""
    return standings(session, [item.case_id], [item.id])[item.case_id][0]


_NAMED = case((Item.questioned_round >= Item.reopened_round, Item.questioned_round), else_=Item.reopened_round)
OWN_ROUND = case((_NAMED < 1, 1), else_=_NAMED)
"""`Standing.own_round` in SQL: the explanation that counts for an item is the one of its own round."""


GONE = select(Document.id).join(Blob, Blob.id == Document.blob_id).where(Blob.removed_at.is_not(None))
"""Documents whose bytes were taken away: they prove nothing any more."""


def _evident(*conditions: Any) -> Any:  # noqa: ANN401  (SQL expressions)
    held = (EvidenceLink.item_id == Item.id, EvidenceLink.removed_at.is_(None), EvidenceLink.document_id.not_in(GONE))
    return exists().where(*held, *conditions)


SAID = aliased(Explanation)
CONTESTING = (
    select(SAID)
    .where(
        SAID.item_id == Item.id, SAID.sent_at.is_not(None), SAID.stance == Stance.CONTEST,
        or_(
            func.trim(SAID.answer) != "", SAID.proposed_points.is_not(None),
            exists().where(
                EvidenceLink.item_id == SAID.item_id, EvidenceLink.removed_at.is_(None), EvidenceLink.stage == Stage.ROUND2,
                EvidenceLink.round == SAID.round, EvidenceLink.document_id.not_in(GONE),
            ),
        ),
    )
)  # fmt: skip
"""The answers that contest an item."""
CONTESTED_ROUND = CONTESTING.with_only_columns(func.max(SAID.round)).scalar_subquery()
CONTESTED_AT = CONTESTING.with_only_columns(func.max(SAID.sent_at)).scalar_subquery()
AWAITED = and_(
    Case.state == CaseState.EXPLANATION_REQUESTED, Case.explanation_sent_at.is_(None), Case.round1_accepted_at.is_(None),
    exists().where(
        Deadline.assessment_id == Case.assessment_id, Deadline.stage == Clock.EXPLANATION, Deadline.case_id == Case.id,
        Deadline.at > bindparam("now", type_=Deadline.at.type),
    ),
)  # fmt: skip
"""`Standing.awaited` in SQL, at the moment `now`."""
OWN, ONE, TWO = aliased(ScoreEntry), aliased(ScoreEntry), aliased(ScoreEntry)

ITEMS = (
    select(
        Item.id, Item.case_id, Indicator.code, Item.maximum, Item.applicability, Item.self_scored, Item.draft_points, Item.draft_text,
        Item.needs_confirmation, Item.questioned_round, Item.reopened_round, Case.explanation_round,
        OWN.points.label("self_points"), ONE.points.label("decision1"), TWO.points.label("decision2"),
        TWO.round.label("decision2_round"), TWO.at.label("decision2_at"),
        Explanation.stance, Explanation.answer, Explanation.proposed_points, Explanation.sent_at,
        AWAITED.label("awaited"), CONTESTED_ROUND.label("contested_round"), CONTESTED_AT.label("contested_at"),
        _evident(EvidenceLink.stage == Stage.SELF).label("evident"),
        _evident(EvidenceLink.stage == Stage.ROUND2, EvidenceLink.round == OWN_ROUND).label("newly_evident"),
    )
    .join(Case, Case.id == Item.case_id)
    .join(Indicator, Indicator.id == Item.indicator_id)
    .outerjoin(OWN, OWN.id == Item.self_entry_id)
    .outerjoin(ONE, ONE.id == Item.decision1_entry_id)
    .outerjoin(TWO, TWO.id == Item.decision2_entry_id)
    .outerjoin(Explanation, (Explanation.item_id == Item.id) & (Explanation.round == OWN_ROUND))
    .order_by(Item.case_id, Indicator.number)
)  # fmt: skip
"""Built once: putting the statement together costs more than running it for one case."""

GRADES = (
    select(
        Assignment.item_id, Assignment.id, Organisation.code, Assignment.council, ONE.points.label("round1"), Assignment.signed1_at,
        TWO.points.label("round2"), TWO.round.label("round2_round"), TWO.at.label("round2_at"),
        Assignment.signed2_at, Assignment.na_answer, Assignment.flagged,
        Assignment.ended_at, Assignment.person_id,
    )
    .join(Item, Item.id == Assignment.item_id)
    .outerjoin(Organisation, Organisation.id == Assignment.body_id)
    .outerjoin(ONE, ONE.id == Assignment.round1_entry_id)
    .outerjoin(TWO, TWO.id == Assignment.round2_entry_id)
    .order_by(Assignment.id)
)  # fmt: skip


OF_CASES = Item.case_id.in_(bindparam("cases", expanding=True))
OF_ITEMS = Item.id.in_(bindparam("items", expanding=True))
ITEMS_OF_CASES, GRADES_OF_CASES = ITEMS.where(OF_CASES), GRADES.where(OF_CASES)
ITEMS_NAMED, GRADES_NAMED = ITEMS_OF_CASES.where(OF_ITEMS), GRADES_OF_CASES.where(OF_ITEMS)


def _grades(session: Session, named: dict[str, Any]) -> defaultdict[int, list[Graded]]:
    found: defaultdict[int, list[Graded]] = defaultdict(list)
    for row in session.execute(GRADES_NAMED if "items" in named else GRADES_OF_CASES, named):
        found[row.item_id].append(
            Graded(
                row.id, row.code or "", row.council, row.round1, row.signed1_at is not None, row.round2, row.round2_round or 0,
                row.round2_at, row.signed2_at is not None, row.na_answer, row.flagged, row.ended_at is not None, row.person_id,
            )
        )  # fmt: skip
    return found
