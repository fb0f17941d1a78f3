"""What the grading bodies do: grade by indicator over all units, differ now and then, sign off, grade again what is contested."""

from collections.abc import Iterable
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from commands.simulation.people import email_of
from commands.simulation.stage import Stage
from models.tables import Assessment, Assignment, Case, Indicator, Item, Organisation
from states.items import Applicability, Verdict
from states.refusal import Refused, Stale
from states.results import POINT
from states.standing import Standing
from workflow.access import mine
from workflow.actor import Actor
from workflow.applicability import answer_na
from workflow.contacts import ContactCard, name_contact
from workflow.grading import Grade, save_grades
from workflow.signing import sign_off
from workflow.standing import standings

REASONS = (
    "Số liệu trong báo cáo kèm theo thấp hơn số đơn vị kê khai.", "Tài liệu kiểm chứng chưa thể hiện đủ nội dung của chỉ số.",
    "Văn bản ban hành ngoài kỳ đánh giá.", "Chưa chỉ rõ mục, trang chứng minh trong tài liệu.",
)  # fmt: skip


def name_contacts(stage: Stage) -> None:
    """Let every lead say who at the body answers for its indicators."""
    for body, codes in stage.bodies().items():
        with stage.acting(f"lead.{body.lower()}") as (session, actor):
            name_contact(
                session, actor, stage.slug, codes, ContactCard(body, actor.name, "024 0000 0000", email_of(f"lead.{body.lower()}"))
            )


def answer_requests(stage: Stage, units: list[str]) -> None:
    """Let the bodies answer these units' requests for not applicable: most agree."""
    for body in stage.bodies():
        with stage.acting(f"grader.{body.lower()}") as (session, actor):
            for unit, item, _ in _own(session, stage, actor, units):
                if item.applicability is Applicability.REQUESTED and not _answered(item, body):
                    agree = stage.random("na", unit, item.code).random() < 0.75  # noqa: PLR2004
                    answer_na(
                        session, actor, stage.slug, unit, item.code, agree=agree, reason="" if agree else "Đơn vị có phát sinh trong kỳ."
                    )


def _answered(item: Standing, body: str) -> bool:
    return any(grade.na_answer for grade in item.open_grades if grade.body == body)


def grade(stage: Stage, units: Iterable[str], share: float = 1.0) -> None:
    """Let every body grade these units (or a share of the cells), one indicator after the other, and its lead sign."""
    units = list(units)
    for body in stage.bodies():
        with stage.acting(f"grader.{body.lower()}") as (session, actor):
            give(stage, session, actor, units, share)
        if share >= 1:
            _sign(stage, body, units)


def give(stage: Stage, session: Session, actor: Actor, units: list[str], share: float = 1.0) -> None:
    """Give the grades that one grader (of a body, or a named council member) still owes."""
    grades = {}
    for unit, item, version in _own(session, stage, actor, units):
        random = stage.random("regrade" if item.explanation_round else "grade", unit, item.code, actor.organisation_code)
        if _owed(item, actor) and random.random() < share:
            grades[(unit, item.code)] = _grade(item, version, random, stage.quality[unit])
    for key, outcome in save_grades(session, actor, stage.slug, grades).items():
        if isinstance(outcome, (Refused, Stale)):
            raise RuntimeError(f"{key}: {outcome}")  # noqa: TRY004  (a refusal, not a wrong type)


def _owed(item: Standing, actor: Actor) -> bool:
    """Whether this actor has not yet given the running round's grade."""
    own = [one for one in item.open_grades if one.council or one.body == actor.organisation_code]
    if not item.explanation_round:
        return item.counts and any(one.round1 is None for one in own)
    return item.regradable and not all(item.given_anew(one) for one in own)


def _grade(item: Standing, version: int, random: Random, quality: float) -> Grade:
    if item.explanation_round:
        return _second(item, version, random)
    own = item.self_points
    if own is None:
        return Grade(round(item.maximum * quality / POINT) * POINT, version, "Đo theo dữ liệu của bên chấm.")
    if random.random() < 0.88 or own == 0:  # noqa: PLR2004  (most grades agree)
        return Grade(own, version)
    step = POINT // 2 * random.randint(1, 4)
    return Grade(max(0, own - step), version, random.choice(REASONS), "Xem lại báo cáo quý III." if random.random() < 0.3 else "")  # noqa: PLR2004


def _second(item: Standing, version: int, random: Random) -> Grade:
    before, own = item.round1 or 0, item.self_points or 0
    luck = random.random()
    if luck < 0.45:  # noqa: PLR2004
        return Grade(max(before, own), version, "Chấp nhận tài liệu bổ sung.", verdict=Verdict.ACCEPTED.value)
    if luck < 0.65:  # noqa: PLR2004
        half = max(before, (before + own) // 2 // 100 * 100)
        return Grade(half, version, "Chấp nhận một phần số liệu bổ sung.", verdict=Verdict.PARTLY.value)
    return Grade(before, version, "Tài liệu bổ sung không thuộc kỳ đánh giá.", verdict=Verdict.NOT_ACCEPTED.value)


def _sign(stage: Stage, body: str, units: list[str]) -> None:
    with stage.acting(f"lead.{body.lower()}") as (session, actor):
        for code in stage.bodies()[body]:
            try:
                sign_off(session, actor, stage.slug, code, units)
            except Refused:
                continue


def _own(session: Session, stage: Stage, actor: Actor, units: list[str]) -> list[tuple[str, Standing, int]]:
    """Return the actor's own open assignments on these units: unit, standing, version."""
    assessment_id = session.scalars(select(Assessment.id).where(Assessment.slug == stage.slug)).one()
    rows = session.execute(
        select(Organisation.code, Item.id, Item.case_id, Assignment.version)
        .join(Item, Item.id == Assignment.item_id).join(Case, Case.id == Item.case_id)
        .join(Indicator, Indicator.id == Item.indicator_id).join(Organisation, Organisation.id == Case.unit_id)
        .where(Case.assessment_id == assessment_id, Organisation.code.in_(units), mine(actor), Assignment.ended_at.is_(None))
        .order_by(Indicator.code, Case.id)
    ).all()  # fmt: skip
    if not rows:
        return []
    cases, items = sorted({row.case_id for row in rows}), [row.id for row in rows]
    found = {item.item_id: item for of_case in standings(session, cases, items).values() for item in of_case}
    return [(row.code, found[row.id], row.version) for row in rows]
