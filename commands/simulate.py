"""`thamdinh simulate`: plays an open assessment with plausible data through the same functions as the pages."""

import argparse

from commands.database import migrated
from settings import Settings
from states.case import CaseState
from states.refusal import Problem, Refused
from states.words import N_

NAME = "simulate"
HELP = "chạy thử một kỳ với dữ liệu giả định; cùng --seed thì cùng kết quả"

NOT_OPEN = N_("Kỳ %(slug)s chưa mở hoặc đã có hồ sơ chuyển trạng thái; chỉ chạy thử trên kỳ vừa mở.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which assessment, how far, and from which seed."""
    parser.add_argument("--assessment", required=True, metavar="KỲ", help="mã số hoặc tên của kỳ đang mở")
    parser.add_argument("--until", required=True, choices=[state.value for state in CaseState], help="chạy đến trạng thái này")
    parser.add_argument("--seed", type=int, default=1, metavar="SỐ", help="hạt giống (mặc định: %(default)s)")
    parser.add_argument("--cases", type=int, default=None, metavar="SỐ", help="chỉ một số hồ sơ đầu (mặc định: tất cả)")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Play it."""
    from sqlalchemy import select

    from commands.simulation import play
    from commands.simulation.load import evidence_store, targets_for, units_of
    from commands.simulation.people import seed_people
    from commands.simulation.stage import set_stage
    from models.session import transaction
    from models.tables import Assessment, Case

    with migrated(settings) as engine:
        with transaction(engine) as session:
            named = Assessment.id == int(args.assessment) if args.assessment.isdecimal() and len(args.assessment) < 4 else Assessment.slug == args.assessment  # noqa: PLR2004, E501
            assessment = session.scalars(select(Assessment).where(named)).first()
            moved = assessment and session.scalar(
                select(Case.id).where(Case.assessment_id == assessment.id, Case.state != CaseState.DRAFT.value).limit(1)
            )
            if assessment is None or assessment.state != "open" or moved:
                raise Refused(Problem(NOT_OPEN, params={"slug": args.assessment}))
            slug = assessment.slug
            seed_people(session)
        units = units_of(engine, slug)[: args.cases]
        stage = set_stage(engine, evidence_store(settings.data_dir), slug, args.seed, targets_for(units, args.until))
        play.play(stage, print)
        if args.until == CaseState.PUBLISHED:
            play.publish(stage, "1024/QĐ-UBND", print)
    return 0
