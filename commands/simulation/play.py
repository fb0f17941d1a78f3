"""Plays a season from opening to publication, each unit as far as its target, the working clock moving along the calendar."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from commands.simulation import body_side, council_side, unit_side
from commands.simulation.papers import paper
from commands.simulation.stage import Stage
from models.session import transaction
from models.tables import Assessment, Blob, Document, Organisation
from states.case import CaseState
from states.clocks import Clock, end_of_day
from states.facts import Asked
from workflow.calendar import Calendar, calendar_of
from workflow.clock import machine_now
from workflow.confirming import propose_opening
from workflow.deciding import Decision, decide
from workflow.explaining import accept_round_1
from workflow.move import move_batch, move_case
from workflow.preparing import Dates, Preparation, prepare_assessment
from workflow.proposals import confirm, open_proposals

Say = Callable[[str], None]
S = CaseState
EXTENSION = 70
"""For how many days after the closing the drafts of a mixed year stay open: they are there to be filled in."""


def open_season(engine: Engine, people: dict[str, int], catalogue: str, year: int, dates: Dates) -> None:
    """Let the secretariat prepare and the chair open an assessment on its first day."""
    from commands.simulation.people import email_of
    from workflow.actor import actor_for

    moment = end_of_day(dates.opens - timedelta(days=1)) + timedelta(hours=8)
    with transaction(engine) as session:
        session.info["working_now"] = moment
        actor = actor_for(session, people[email_of("secretariat.skhcn")])
        assessment = prepare_assessment(session, actor, Preparation(catalogue, year, str(year), dates))
        propose_opening(session, actor, assessment.slug)
        chair = replace(actor_for(session, people[email_of("chair")]), proved_at=machine_now())
        for proposal in open_proposals(session, assessment.id):
            confirm(session, chair, assessment.slug, proposal.id)


def play(stage: Stage, say: Say) -> datetime:
    """Play the season and return the moment it stands at, by the working clock."""
    calendar = _calendar(stage)
    units = list(stage.targets)
    say(f"{stage.slug}: {len(units)} đơn vị tự chấm điểm …")
    body_side.name_contacts(stage)
    stage.now += timedelta(days=3)
    unit_side.self_score(stage)
    closes = calendar.until(Clock.SELF_SCORE)
    assert closes is not None
    stage.now = closes - timedelta(hours=30)
    if not stage.reaching(S.SELF_SCORED):
        return stage.now
    say(f"{stage.slug}: nộp hồ sơ …")
    unit_side.submit(stage)
    stage.now = closes + timedelta(hours=34)
    council_side.close_unsubmitted(stage)
    later = end_of_day((stage.now + timedelta(days=EXTENSION)).date())
    council_side.give_time(stage, [unit for unit, target in stage.targets.items() if target is S.DRAFT], later)
    _round_1(stage, say)
    _later_rounds(stage, calendar, say)
    return stage.now


def _round_1(stage: Stage, say: Say) -> None:
    done, half = stage.reaching(S.ROUND1_REVIEWED), [unit for unit, target in stage.targets.items() if target is S.SELF_SCORED]
    stage.now += timedelta(days=10)
    say(f"{stage.slug}: chấm vòng 1 …")
    body_side.answer_requests(stage, stage.reaching(S.SELF_SCORED))
    council_side.settle_requests(stage, done)
    council_side.name_graders(stage, done)
    body_side.grade(stage, done)
    body_side.grade(stage, half, share=0.6)
    council_side.grade_instead(stage, done)
    stage.now += timedelta(days=5)
    council_side.settle_disputes(stage, done)


def _later_rounds(stage: Stage, calendar: Calendar, say: Say) -> None:
    ends = calendar.until(Clock.ROUND_1)
    assert ends is not None
    early, late = stage.reaching(S.ROUND2_FINAL), [unit for unit, target in stage.targets.items() if target is S.EXPLANATION_REQUESTED]
    waiting = [unit for unit, target in stage.targets.items() if target is S.ROUND1_REVIEWED]
    stage.now = min(stage.now + timedelta(days=3), ends - timedelta(hours=60))
    for group in (early, late, waiting):
        if group:
            council_side.batch(stage, "secretariat.skhcn", "release_round_1", group)
    if early:
        _explanation(stage, early, say)
        _final(stage, early, say)
    if late:
        council_side.batch(stage, "secretariat.skhcn", "request_explanation", late)
        stage.now += timedelta(days=2)
        unit_side.explain(stage, late[::2], sent=True)
        unit_side.explain(stage, late[1::2], sent=False)


def _explanation(stage: Stage, units: list[str], say: Say) -> None:
    say(f"{stage.slug}: giải trình …")
    council_side.batch(stage, "secretariat.skhcn", "request_explanation", units)
    stage.now += timedelta(days=2)
    unit_side.explain(stage, units)
    stage.now += timedelta(days=14)


def _final(stage: Stage, units: list[str], say: Say) -> None:
    say(f"{stage.slug}: chấm vòng 2 và chốt …")
    body_side.grade(stage, units)
    council_side.grade_instead(stage, units)
    stage.now += timedelta(days=6)
    council_side.settle_disputes(stage, units)
    council_side.finalise(stage, units)


def reopen_one(stage: Stage, unit: str) -> None:
    """Let the chair reopen a case for one item, the unit agree, the council decide, and the chair finalise again."""
    code = stage.duties[unit][0].code
    with stage.acting("chair") as (session, actor):
        move_case(session, actor, stage.slug, unit, "reopen", Asked(reason="Xem lại theo đề nghị của đơn vị.", items=(code,)))
    stage.now += timedelta(days=1)
    with stage.acting(f"head.{unit.lower()}") as (session, actor):
        accept_round_1(session, actor, stage.slug, unit)
    with stage.acting("council.3") as (session, actor):
        top = stage.duties[unit][0].maximum
        decide(session, actor, stage.slug, unit, code, Decision(top, "Đủ căn cứ theo văn bản gốc.", "03/BB-HĐTĐ"))
    council_side.finalise(stage, [unit])


def correct_one(stage: Stage, unit: str) -> None:
    """Let the chair correct a published case by a decision; a second version is published after it."""
    duty = stage.duties[unit][1]
    document = decision_document(stage, "1187/QĐ-UBND")
    with stage.acting("chair") as (session, actor):
        asked = Asked(
            reason="Đính chính số liệu cộng nhầm.", decision_number="1187/QĐ-UBND", decision_on=stage.now.date(), decision_document=document
        )
        proved = replace(actor, proved_at=machine_now())
        move_batch(session, proved, stage.slug, "correct", asked, [unit])
    with stage.acting("council.1") as (session, actor):
        decide(session, actor, stage.slug, unit, duty.code, Decision(duty.maximum // 2, "Đính chính theo quyết định.", "05/BB-HĐTĐ"))


def publish(stage: Stage, number: str, say: Say) -> None:
    """Let secretariat and chair publish what is final."""
    say(f"{stage.slug}: công bố theo {number} …")
    stage.now += timedelta(days=7)
    council_side.publish(stage, number, stage.now.date(), decision_document(stage, number))


def decision_document(stage: Stage, number: str) -> int:
    """Keep the decision's file as a public document and return its id."""
    content = paper(sum(map(ord, number)), stage.now.year).content
    sha256 = stage.store.keep(content)
    address = f"{stage.slug}-{number}".replace("/", "-")
    with transaction(stage.engine) as session:
        known = session.scalar(select(Document.id).where(Document.address == address))
        if known is not None:
            return known
        blob = session.scalars(select(Blob).where(Blob.sha256 == sha256)).first()
        blob = blob or Blob(sha256=sha256, size=len(content), media_type="application/pdf", stored_at=stage.now)
        session.add(blob)
        session.flush()
        owner = session.scalars(select(Organisation.id).where(Organisation.code == "UBNDTP")).one()
        document = Document(
            address=address, organisation_id=owner, blob_id=blob.id, file_name=f"{number.replace('/', '-')}.pdf",
            number=number, issued_on=stage.now.date(), issuer="UBND thành phố Hà Nội", subject="Công bố kết quả đánh giá chuyển đổi số",
            added_at=stage.now, public=True,
        )  # fmt: skip
        session.add(document)
        session.flush()
        return document.id


def _calendar(stage: Stage) -> Calendar:
    with transaction(stage.engine) as session:
        return calendar_of(session, _assessment_id(session, stage.slug))


def _assessment_id(session: Session, slug: str) -> int:
    return session.scalars(select(Assessment.id).where(Assessment.slug == slug)).one()
