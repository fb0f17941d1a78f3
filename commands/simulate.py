"""`thamdinh simulate`: plays an open assessment with plausible data through the same functions as the pages."""

import argparse
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from commands.database import migrated
from commands.memory import collect_seldom
from settings import Settings
from states.case import CaseState
from states.refusal import Problem, Refused
from states.words import N_

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from workflow.evidence_store import EvidenceStore

Say = Callable[[str], None]

NAME = "simulate"
HELP = "chạy thử một kỳ với dữ liệu giả định; cùng --seed thì cùng kết quả"

NOT_OPEN = N_("Kỳ %(slug)s chưa mở hoặc không có; chỉ chạy thử được trên kỳ đang mở.")
REAL = N_("Kỳ %(slug)s đã có người làm việc. Dữ liệu giả định chỉ vào được kỳ vừa mở, hoặc bản trình diễn.")
WAITING = N_("Muốn công bố thì mọi hồ sơ phải đi đến cùng: bỏ --except và --cases, hoặc chỉ --until round2_final.")
UNKNOWN = N_("Kỳ này không có đơn vị mã “%(unit)s”.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which assessment, how far, and from which seed."""
    parser.add_argument("--assessment", required=True, metavar="KỲ", help="mã số hoặc tên của kỳ đang mở")
    parser.add_argument("--until", required=True, choices=[state.value for state in CaseState], help="chạy đến trạng thái này")
    parser.add_argument("--seed", type=int, default=1, metavar="SỐ", help="hạt giống (mặc định: %(default)s)")
    parser.add_argument("--cases", type=int, default=None, metavar="SỐ", help="chỉ một số hồ sơ đầu (mặc định: tất cả)")
    parser.add_argument("--except", nargs="*", default=(), dest="kept", metavar="MÃ", help="chừa những đơn vị này lại cho người làm")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Play a newly opened assessment along its calendar, or one under way on from where each case stands."""
    from commands.simulation import play
    from commands.simulation.load import evidence_store, targets_for, units_of
    from commands.simulation.stage import set_stage

    until, publishing = CaseState(args.until), args.until == CaseState.PUBLISHED
    if publishing and (args.kept or args.cases):
        raise Refused(Problem(WAITING))
    collect_seldom()
    with migrated(settings) as engine:
        slug, untouched = _open_assessment(engine, args.assessment, demo=settings.demo)
        store, units = evidence_store(settings.data_dir), units_of(engine, slug)
        kept = {*args.kept, *(units[args.cases :] if args.cases else ())}
        if not untouched:
            return go_on(engine, store, slug, kept, until, print, args.seed)
        stage = set_stage(engine, store, slug, args.seed, targets_for(_left(units, kept), args.until))
        play.play(stage, print)
        if publishing:
            play.publish(stage, "1024/QĐ-UBND", print)
    return 0


def go_on(engine: "Engine", store: "EvidenceStore", slug: str, kept: Collection[str], until: CaseState, say: Say, seed: int = 1) -> int:
    """Play all cases but those of the `kept` units on from where they stand, name what is left, and return the exit code."""
    from commands.simulation import play
    from commands.simulation.catching_up import play_on, stage_of
    from commands.simulation.load import units_of

    units = _left(units_of(engine, slug), kept)
    stage = stage_of(engine, store, slug, units, min(until, CaseState.ROUND2_FINAL, key=lambda state: state.order), seed)
    left = play_on(stage, say)
    for unit, state in left.items():
        say(f"  còn lại: {unit} ({state.value})")
    say(f"{slug}: {len(stage.targets) - len(left)} hồ sơ đã đến nơi, {len(left)} còn lại, {len(kept)} chừa cho người làm.")
    if until is CaseState.PUBLISHED and not left:
        play.publish(stage, "1024/QĐ-UBND", say)
    return 1 if left else 0


def _left(units: Sequence[str], kept: Collection[str]) -> list[str]:
    """Return the units that are played: all but those kept for people, each of which there has to be."""
    if unknown := sorted(set(kept) - set(units)):
        raise Refused(Problem(UNKNOWN, params={"unit": unknown[0]}))
    return [unit for unit in units if unit not in kept]


def _open_assessment(engine: "Engine", named: str, *, demo: bool) -> tuple[str, bool]:
    """Return the slug of the open assessment that is named, and whether nobody has worked in it yet; seat the people of the play."""
    from sqlalchemy import or_, select

    from commands.simulation.people import seed_people
    from models.session import transaction
    from models.tables import Assessment, Case, Item

    number = int(named) if named.isdecimal() and len(named) < 4 else 0  # noqa: PLR2004  (a year is a slug)
    with transaction(engine) as session:
        assessment = session.scalars(select(Assessment).where(or_(Assessment.id == number, Assessment.slug == named))).first()
        if assessment is None or assessment.state != "open":
            raise Refused(Problem(NOT_OPEN, params={"slug": named}))
        touched = select(Case.id).join(Item, Item.case_id == Case.id).where(Case.assessment_id == assessment.id)
        touched = touched.where(or_(Case.state != CaseState.DRAFT.value, Item.version > 0)).limit(1)
        untouched = session.scalar(touched) is None
        if not (untouched or demo):
            raise Refused(Problem(REAL, params={"slug": assessment.slug}))
        seed_people(session)
        return assessment.slug, untouched
