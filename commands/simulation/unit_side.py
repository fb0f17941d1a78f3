"""What the units do: fill in, prove, ask for not applicable, submit, recall now and then, explain or agree."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from commands.simulation.papers import Paper, shelf
from commands.simulation.plausible import answer, size_of
from commands.simulation.stage import Duty, Stage, chosen, items_of, versions_of
from models.tables import Organisation
from states.case import CaseState
from states.facts import Asked
from states.items import Applicability, Stance
from workflow.actor import Actor
from workflow.drafting import Draft, Saved, request_na, save_self_scores
from workflow.evidence import Handed, Particulars, attach_files, attach_to_many
from workflow.explaining import Answer, accept_round_1, save_explanation, send_explanation
from workflow.move import move_case

NA_SHARE = 0.004
BARE = 0.12
"""The share of indicators that have no document, only words."""
WORDS = (
    "Số liệu chốt đến ngày 30/11, đối chiếu sổ theo dõi của bộ phận chuyên môn.",
    "Theo báo cáo tổng kết của đơn vị; chi tiết tại tài liệu kèm theo.",
    "Đã rà soát với các bộ phận liên quan; kết quả nêu ở phần I của báo cáo.",
    "Văn bản gốc lưu tại văn thư của đơn vị.",
    "Kết quả tính đến ngày chốt số liệu; phần chưa đạt đã đưa vào kế hoạch năm sau.",
)
PLEAS = (
    "Đơn vị bổ sung số liệu đến hết kỳ và đề nghị xem xét lại.",
    "Báo cáo bổ sung nêu rõ danh sách kèm theo; đề nghị tính đủ như đơn vị tự chấm.",
    "Văn bản đã ban hành trong kỳ, khi nộp hồ sơ đính kèm nhầm bản dự thảo; nay bổ sung bản chính thức.",
    "Số liệu của cơ quan chủ quản cập nhật chậm; đơn vị gửi kèm xác nhận mới.",
)
"""What units say with a self-score, and to round 1."""


def self_score(stage: Stage) -> None:
    """Let every unit fill in its draft; those that will not submit leave it half done."""
    for unit in stage.targets:
        with stage.acting(f"unit.{unit.lower()}") as (session, actor):
            duties = stage.duties[unit]
            if unit in stage.never_submit or stage.targets[unit] is CaseState.DRAFT:
                duties = duties[: int(len(duties) * stage.random("half", unit).uniform(0.3, 0.9))]
            _fill(stage, session, actor, unit, {duty.code: 0 for duty in duties})


def complete(stage: Stage, units: Sequence[str]) -> None:
    """Let the staff of these units fill in what their drafts still lack."""
    for unit in units:
        with stage.acting(f"unit.{unit.lower()}") as (session, actor):
            versions = versions_of(session, stage.slug, unit)
            lacking = [
                item.code for _, item in items_of(session, stage.slug, [unit])
                if item.counts and item.self_scored and (item.needs_confirmation or not item.drafted)
                and item.applicability is not Applicability.REQUESTED
            ]  # fmt: skip
            _fill(stage, session, actor, unit, {code: versions[code] for code in lacking})


def _fill(stage: Stage, session: Session, actor: Actor, unit: str, versions: Mapping[str, int]) -> None:
    """Answer these items of a draft (code → version) and prove them; where nothing can be said, ask for not applicable."""
    random = stage.random("self", unit)
    optimism = min(1.0, stage.quality[unit] + 0.06)
    size = size_of(unit, stage.random("size", unit))
    duties = [duty for duty in stage.duties[unit] if duty.code in versions]
    drafts = {
        duty.code: Draft(answer(duty.rule, duty.maximum, random, optimism, size), random.choice(WORDS), versions[duty.code])
        for duty in duties if duty.self_scored
    }  # fmt: skip
    for code, outcome in save_self_scores(session, actor, stage.slug, unit, drafts).items():
        if not isinstance(outcome, Saved):
            raise outcome
        if outcome.points is None or random.random() < NA_SHARE:
            request_na(session, actor, stage.slug, unit, code, "Trong năm không phát sinh nội dung này tại đơn vị.", outcome.version)
    _prove(stage, session, actor, unit, duties)


def _prove(stage: Stage, session: Session, actor: Actor, unit: str, duties: Sequence[Duty]) -> None:
    """Attach a paper that speaks of them to the indicators of neighbouring groups, but for those that stay bare."""
    random, year = stage.random("proof", unit), (stage.now - timedelta(days=310)).year
    issuer = session.get_one(Organisation, actor.organisation_id).name
    issuer = f"UBND {issuer[0].lower()}{issuer[1:]}" if unit.isdigit() else issuer
    proved: defaultdict[Paper, list[str]] = defaultdict(list)
    turn = random.randrange(1_000)
    for duty in duties:
        if random.random() >= BARE:
            papers = shelf(duty.topic, year)
            proved[papers[turn % len(papers)]].append(duty.code)
    for one, codes in proved.items():
        about = Particulars(one.number, one.issued_on, issuer, one.subject, str(random.randint(1, 3)), "I")
        address = attach_files(session, actor, stage.slug, unit, codes[0], [Handed(one.file_name, one.content)], about, stage.store)[0]
        if codes[1:]:
            attach_to_many(session, actor, stage.slug, unit, codes[1:], address, about)


def submit(stage: Stage) -> None:
    """Let every head submit, most of them in the last days; a few recall, look again and submit anew."""
    last = stage.now
    early = {unit: timedelta(hours=int(stage.random("when", unit).expovariate(1 / 60))) for unit in stage.reaching(CaseState.SELF_SCORED)}
    for unit in sorted(early, key=lambda one: early[one], reverse=True):
        if unit in stage.never_submit:
            continue
        stage.now = last - min(early[unit], timedelta(days=20))
        with stage.acting(f"head.{unit.lower()}") as (session, actor):
            move_case(session, actor, stage.slug, unit, "submit", Asked(declared=True))
    stage.now = last
    for unit in chosen([u for u in stage.reaching(CaseState.SELF_SCORED) if u not in stage.never_submit], stage, "recall", 0.03):
        with stage.acting(f"head.{unit.lower()}") as (session, actor):
            move_case(session, actor, stage.slug, unit, "recall", Asked())
            move_case(session, actor, stage.slug, unit, "submit", Asked(declared=True))


def hand_in(stage: Stage, units: Sequence[str]) -> None:
    """Let these heads submit now."""
    for unit in units:
        with stage.acting(f"head.{unit.lower()}") as (session, actor):
            move_case(session, actor, stage.slug, unit, "submit", Asked(declared=True))


def explain(stage: Stage, units: list[str], *, sent: bool = True) -> None:
    """Let these units answer what they have not yet: most contest what was lowered, some agree, some stay silent."""
    for unit in units:
        mood = stage.random("mood", unit).random()
        if mood > 0.9:  # noqa: PLR2004  (one in ten says nothing)
            continue
        with stage.acting(f"unit.{unit.lower()}") as (session, actor):
            contested = [item for _, item in items_of(session, stage.slug, [unit]) if item.answerable]
            for item in (one for one in contested if not one.stance):
                random = stage.random("explain", unit, item.code)
                stance = Stance.CONTEST if random.random() < 0.7 else Stance.AGREE  # noqa: PLR2004
                text = random.choice(PLEAS) if stance is Stance.CONTEST else ""
                save_explanation(session, actor, stage.slug, unit, item.code, Answer(stance.value, text, 0))
        if not sent:
            continue
        with stage.acting(f"head.{unit.lower()}") as (session, actor):
            if contested and mood > 0.1:  # noqa: PLR2004
                send_explanation(session, actor, stage.slug, unit)
            else:
                accept_round_1(session, actor, stage.slug, unit)
