"""What secretariat and council do: open, name graders, settle requests and disputes, release, request, finalise, publish, correct."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from commands.simulation.body_side import give
from commands.simulation.people import email_of
from commands.simulation.stage import Stage, items_of
from models.tables import Assessment, Assignment, Case, Indicator, Item, Organisation
from states.facts import Asked
from states.items import Applicability
from states.refusal import Refused
from states.standing import Standing
from workflow.actor import Actor
from workflow.applicability import AGREED, confirm_na
from workflow.clock import machine_now
from workflow.confirming import propose_publication
from workflow.deciding import Decision, barred_items, decide, name_council_grader
from workflow.extending import extend
from workflow.move import move_batch, move_case
from workflow.proposals import confirm, open_proposals

MEMBERS = ("council.1", "council.2", "council.3")
DECIDING = ("council.2", "council.1", "council.3")
"""Who decides what bodies left disputed: a member who graded one of the items is barred from it."""


def confirm_all(stage: Stage, only: int | None = None) -> None:
    """Let the chair confirm whatever is proposed (or `only` this), with the password just typed."""
    with stage.acting("chair") as (session, actor):
        assessment_id = session.scalars(select(Assessment.id).where(Assessment.slug == stage.slug)).one()
        for proposal in open_proposals(session, assessment_id):
            if only in {None, proposal.id}:
                confirm(session, replace(actor, proved_at=machine_now()), stage.slug, proposal.id)


def name_graders(stage: Stage, units: list[str]) -> None:
    """Let the chair name a member for every assignment that went to the council, by turns."""
    with stage.acting("chair") as (session, actor):
        rows = session.execute(
            select(Organisation.code, Indicator.code)
            .select_from(Assignment)
            .join(Item, Item.id == Assignment.item_id).join(Indicator, Indicator.id == Item.indicator_id)
            .join(Case, Case.id == Item.case_id).join(Organisation, Organisation.id == Case.unit_id)
            .join(Assessment, Assessment.id == Case.assessment_id)
            .where(Assessment.slug == stage.slug, Organisation.code.in_(units))
            .where(Assignment.council.is_(True), Assignment.person_id.is_(None))
            .order_by(Assignment.id)
        ).all()  # fmt: skip
        for place, (unit, code) in enumerate(rows):
            name_council_grader(session, actor, stage.slug, unit, code, stage.people[email_of(MEMBERS[place % len(MEMBERS)])])


def grade_instead(stage: Stage, units: list[str]) -> None:
    """Let the named members grade; their grades count as signed."""
    for member in MEMBERS:
        with stage.acting(member) as (session, actor):
            give(stage, session, actor, units)


def settle_requests(stage: Stage, units: list[str]) -> None:
    """Let the council confirm or refuse requests for not applicable."""
    with stage.acting("council.1") as (session, actor):
        for unit, item in items_of(session, stage.slug, units):
            if item.applicability is Applicability.REQUESTED:
                agreed = all(grade.na_answer == AGREED for grade in item.open_grades if not grade.council)
                reason = "" if agreed else "Bên chấm xác định có phát sinh."
                confirm_na(session, actor, stage.slug, unit, item.code, grant=agreed, reason=reason)


def settle_disputes(stage: Stage, units: list[str], *, share: float = 1.0) -> None:
    """Let the council decide what two bodies left disputed (a share of it where work is to wait); who is barred leaves it to the next."""
    for member in DECIDING:
        with stage.acting(member) as (session, actor):
            found = [
                (unit, item) for unit, item in items_of(session, stage.slug, units)
                if (item.disputed or item.round2_disputed) and stage.random("dispute", unit, item.code).random() < share
            ]  # fmt: skip
            barred = barred_items(session, actor, [item.item_id for _, item in found]) if found else set()
            for unit, item in found:
                if item.item_id not in barred:
                    _decide(session, actor, stage, unit, item)


def _decide(session: Session, actor: Actor, stage: Stage, unit: str, item: Standing) -> None:
    given = [grade.round2 if item.round2_disputed else grade.round1 for grade in item.open_grades]
    points = max(points for points in given if points is not None)
    decide(
        session,
        actor,
        stage.slug,
        unit,
        item.code,
        Decision(points, "Hội đồng đối chiếu tài liệu gốc và thống nhất mức điểm.", "01/BB-HĐTĐ"),
    )


def batch(stage: Stage, local: str, trigger: str, units: list[str], asked: Asked | None = None, *, whole: bool = True) -> None:
    """Let somebody move a batch; what the chair must confirm is confirmed. `whole`: a case left out is a fault of the play."""
    with stage.acting(local) as (session, actor):
        try:
            moved = move_batch(session, actor, stage.slug, trigger, asked or Asked(), units)
        except Refused as refused:
            if whole:
                raise RuntimeError(f"{trigger}: {refused}") from refused
            return
        left = [(one.unit, [str(p) for p in one.problems][:2]) for one in moved.left_out]
    if left and whole:
        raise RuntimeError(f"{trigger} left out {left[:3]}")
    if moved.proposal_id:
        confirm_all(stage, moved.proposal_id)


def close_unsubmitted(stage: Stage) -> None:
    """Let the secretariat propose, and the chair confirm, closing the cases that were never submitted."""
    for unit in sorted(stage.never_submit):
        with stage.acting("secretariat.skhcn") as (session, actor):
            asked = Asked(reason="Đơn vị không nộp trong thời hạn và không đề nghị gia hạn.")
            move_case(session, actor, stage.slug, unit, "close_unsubmitted", asked)
    confirm_all(stage)


def give_time(stage: Stage, units: list[str], until: datetime) -> None:
    """Let the secretariat extend these cases, all but its own organisation's."""
    for unit in units:
        with stage.acting("secretariat.skhcn") as (session, actor):
            if session.scalar(select(Organisation.id).where(Organisation.code == unit)) not in actor.organisations:
                extend(session, actor, stage.slug, unit, until, "Đơn vị đề nghị thêm thời gian do sắp xếp lại bộ máy.")


def finalise(stage: Stage, units: list[str], *, whole: bool = True) -> None:
    """Let the chair finalise all that are ready, with minutes."""
    batch(stage, "chair", "finalise", units, Asked(minutes_number="02/BB-HĐTĐ", minutes_on=stage.now.date()), whole=whole)


def publish(stage: Stage, decision: str, on: date, document: int) -> None:
    """Let the secretariat propose and the chair confirm the publication, both with the password just typed."""
    with stage.acting("secretariat.skhcn") as (session, actor):
        asked = Asked(decision_number=decision, decision_on=on, decision_document=document)
        propose_publication(session, replace(actor, proved_at=machine_now()), stage.slug, asked)
    confirm_all(stage)
