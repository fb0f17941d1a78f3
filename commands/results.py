"""`thamdinh results export`: the open-data bundle of a publication."""

import argparse
from pathlib import Path

from commands.database import looking
from settings import Settings
from states.refusal import Problem, Refused

NAME = "results"
HELP = "kết quả đã công bố"

NOT_PUBLISHED = "kỳ này chưa có bản công bố nào xem được"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`export ASSESSMENT --out FILE.zip [--version N]`."""
    acts = parser.add_subparsers(metavar="VIỆC", required=True)
    exported = acts.add_parser("export", help="xuất bộ dữ liệu mở; `thamdinh verify` kiểm tra được")
    exported.add_argument("assessment", metavar="KỲ")
    exported.add_argument("--out", required=True, type=Path, metavar="TỆP.zip")
    exported.add_argument("--version", type=int, metavar="N", help="bản công bố thứ mấy (mặc định: mới nhất)")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Write the bundle of the version that everybody may read."""
    from sqlalchemy import select

    from models.tables import Assessment
    from workflow.bundle import make_bundle
    from workflow.publishing import visible

    with looking(settings) as session:
        assessment_id = session.scalar(select(Assessment.id).where(Assessment.slug == args.assessment))
        publication = visible(session, assessment_id, args.version) if assessment_id is not None else None
        if publication is None:
            raise Refused(Problem(NOT_PUBLISHED, args.assessment))
        args.out.write_bytes(make_bundle(publication))
        print(f"{args.out}: bản {publication.version}, dấu niêm {publication.sha256}")
    return 0
