"""The unit's draft: self-scores saved field by field, requests for not applicable, and who does what (rules sections 1 and 2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from models.tables import Assessment, Case, Catalogue, Guidance, Indicator, Item, Membership, Responsibility
from states.clocks import Clock
from states.items import Applicability
from states.refusal import NotFound, Problem, Refused, Stale
from states.roles import UNIT
from states.words import N_
from workflow.access import Held, require_case, require_item, take_side
from workflow.actor import Actor
from workflow.calendar import calendar_of
from workflow.clock import working_now
from workflow.journal import Chain, record, record_many
from workflow.scoring import Inputs, Rule, parse_rule

LATE = N_("Đã hết hạn tự chấm nên không ghi được nữa. Nội dung bạn gõ vẫn còn trên trang.")
LATE_EXPLANATION = N_("Đã hết hạn giải trình nên không ghi được nữa. Nội dung bạn gõ vẫn còn trên trang.")
LONGEST_TEXT = 5_000


@dataclass(frozen=True, slots=True)
class Draft:
    """What the unit typed for one item. `version` is the one its page was made from."""

    inputs: Inputs
    text: str
    version: int


@dataclass(frozen=True, slots=True)
class Saved:
    """What was kept: the new version, points if the inputs were whole, and when."""

    version: int
    points: int | None
    at: datetime
    line: str = ""
    asks_not_applicable: bool = False


def rule_of(session: Session, item: Item) -> Rule:
    """Return the scoring rule an item is under."""
    return parse_rule(session.get_one(Guidance, item.guidance_id).rule)


def decimals_of(session: Session, assessment: Assessment) -> int:
    """Return how many decimals the catalogue prints."""
    return session.get_one(Catalogue, assessment.catalogue_id).decimals


def arrival(session: Session, actor: Actor) -> datetime:
    """Return the moment the request arrived, by the working clock."""
    return actor.arrived_at or working_now(session)


def refuse_late(session: Session, actor: Actor, held: Held, clock: Clock, text: str) -> None:
    """Refuse a write that arrived at or after the closing moment; read inside the transaction, after the lock."""
    until = calendar_of(session, held.assessment.id, [held.case.id]).until(clock, held.case.id)
    if until is not None and arrival(session, actor) >= until:
        raise Refused(Problem(text))


def check_length(text: str, place: str) -> str:
    """Return the text without blank ends; refused when it is too long to be meant."""
    if len(text) > LONGEST_TEXT:
        raise Refused(Problem(N_("Dài quá %(most)s ký tự."), place, {"most": LONGEST_TEXT}))
    return text.strip()


def weigh(rule: Rule, inputs: Inputs, maximum: int, decimals: int) -> tuple[dict[str, Any], int | None, str, bool]:
    """Return inputs to keep, points, the calculation line, and whether b = 0; half-filled inputs are kept as typed without points."""
    typed = {field.name: inputs.get(field.name, "") for field in rule.fields()}
    blank = {name for name, value in typed.items() if not value or not str(value).strip()}
    problems: list[Problem] = []
    for field in rule.fields():
        if field.name not in blank:
            problems += _problems_of(field.read, inputs)
    if problems:
        raise Refused(problems)
    if blank:
        return {name: value for name, value in typed.items() if name not in blank}, None, "", False
    outcome = rule.score(inputs, maximum, decimals)
    return dict(outcome.inputs), outcome.points, str(outcome.line), outcome.not_applicable_question


def _problems_of(read: Any, inputs: Inputs) -> list[Problem]:  # noqa: ANN401  (a field's reader)
    try:
        read(inputs)
    except Refused as refused:
        return list(refused.problems)
    return []


Outcome = Saved | Stale | Refused
"""What became of one draft among many."""


def save_self_score(session: Session, actor: Actor, slug: str, unit: str, code: str, draft: Draft) -> Saved:
    """Keep what the unit typed for one item; stale versions raise `Stale` with what is stored."""
    outcome = save_self_scores(session, actor, slug, unit, {code: draft}).get(code)
    if outcome is None:
        raise NotFound
    if not isinstance(outcome, Saved):
        raise outcome
    return outcome


def save_self_scores(session: Session, actor: Actor, slug: str, unit: str, drafts: Mapping[str, Draft]) -> dict[str, Outcome]:
    """Keep many items' drafts at once, each by itself; unknown codes are not in the answer."""
    held = require_case(session, actor, "self_score", slug, unit, lock=True)
    refuse_late(session, actor, held, Clock.SELF_SCORE, LATE)
    query = select(Item, Indicator.code, Guidance.rule).join(Indicator, Indicator.id == Item.indicator_id)
    query = query.join(Guidance, Guidance.id == Item.guidance_id).where(Item.case_id == held.case.id, Indicator.code.in_(drafts))
    decimals, now = decimals_of(session, held.assessment), working_now(session)
    outcomes: dict[str, Outcome] = {}
    changes, facts = [], []
    for item, code, rule in session.execute(query.execution_options(populate_existing=True)):
        try:
            change, outcomes[code] = _draft(item, parse_rule(rule), drafts[code], decimals, now)
        except (Refused, Stale) as no:
            outcomes[code] = no
            continue
        changes.append({**change, "draft_by_id": actor.person_id})
        facts.append((Chain.of_case(held.case.id), "self_score", code, {"points": change["draft_points"], "version": change["version"]}))
    if changes:
        session.execute(update(Item), changes)
        take_side(session, actor, held.case.id)
        record_many(session, facts, actor)
    return outcomes


def _draft(item: Item, rule: Rule, draft: Draft, decimals: int, now: datetime) -> tuple[dict[str, Any], Saved]:
    """Return an item's new values, and the answer to the page."""
    if draft.version != item.version:
        raise Stale(Draft(item.draft_inputs or {}, item.draft_text, item.version))
    if not item.self_scored:
        raise Refused(N_("Chỉ số này do bên chấm đo, đơn vị không tự chấm."))
    text = check_length(draft.text, "text")
    kept, points, line, asks = weigh(rule, draft.inputs, item.maximum, decimals)
    change = {
        "id": item.id, "draft_inputs": kept, "draft_points": points, "draft_text": text, "draft_at": now, "version": item.version + 1,
        "needs_confirmation": False, "applicability": item.applicability, "na_reason": item.na_reason,
    }  # fmt: skip
    if Applicability(item.applicability).asked and points is not None:
        change |= {"applicability": Applicability.APPLICABLE.value, "na_reason": ""}
    return change, Saved(item.version + 1, points, now, line, asks)


def request_na(session: Session, actor: Actor, slug: str, unit: str, code: str, reason: str, version: int) -> Saved:
    """Ask that an indicator does not apply (nothing to count, b = 0), with a reason; an empty reason takes the request back."""
    held = require_item(session, actor, "request_na", slug, unit, code, lock=True)
    item = held.item
    assert item is not None
    refuse_late(session, actor, held, Clock.SELF_SCORE, LATE)
    if version != item.version:
        raise Stale(Draft(item.draft_inputs or {}, item.draft_text, item.version))
    if item.applicability == Applicability.NOT_APPLICABLE:
        raise Refused(N_("Chỉ số này đã được xác định là không phát sinh."))
    reason = check_length(reason, "na_reason")
    item.applicability = (Applicability.REQUESTED if reason else Applicability.APPLICABLE).value
    item.na_reason, item.version, item.draft_at, item.draft_by_id = reason, item.version + 1, working_now(session), actor.person_id
    item.needs_confirmation = False
    take_side(session, actor, held.case.id)
    record(session, Chain.of_case(held.case.id), actor, "request_na", code, {"asked": bool(reason), "version": item.version})
    return Saved(item.version, item.draft_points, item.draft_at)


def assign_responsible(session: Session, actor: Actor, slug: str, unit: str, people: Mapping[str, int | None]) -> None:
    """Say who in the unit does which indicator (code → person, or nobody)."""
    held = require_case(session, actor, "assign_responsible", slug, unit, lock=True)
    staff = set(
        session.scalars(select(Membership.person_id).where(Membership.organisation_id == held.case.unit_id, Membership.role.in_(UNIT)))
    )
    if {person for person in people.values() if person is not None} - staff:
        raise NotFound
    ids = dict(session.execute(_codes_of(held.case).where(Indicator.code.in_(people))).all())
    mine = (Responsibility.assessment_id == held.assessment.id, Responsibility.organisation_id == held.case.unit_id)
    session.execute(delete(Responsibility).where(*mine, Responsibility.indicator_id.in_(ids.values())))
    common = {"assessment_id": held.assessment.id, "organisation_id": held.case.unit_id}
    rows = [
        {**common, "indicator_id": ids[code], "person_id": person} for code, person in people.items() if person is not None and code in ids
    ]
    if rows:
        session.execute(insert(Responsibility), rows)
    record(session, Chain.of_case(held.case.id), actor, "assign_responsible", "", {"items": sorted(ids)})


def _codes_of(case: Case) -> Any:  # noqa: ANN401  (a select)
    return select(Indicator.code, Indicator.id).join(Item, Item.indicator_id == Indicator.id).where(Item.case_id == case.id)
