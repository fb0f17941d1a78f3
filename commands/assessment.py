"""`thamdinh assessment`: opens a year and shows where the years stand."""

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from commands.database import looking, writing
from commands.printing import print_json, print_rows
from settings import Settings

NAME = "assessment"
HELP = "kỳ đánh giá: mở, liệt kê, xem"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`open`, `list`, `show`."""
    acts = parser.add_subparsers(metavar="VIỆC", required=True)
    opened = acts.add_parser("open", help="mở một kỳ: một hồ sơ cho mỗi đơn vị, đủ chỉ số và phân công")
    opened.add_argument("--catalogue", required=True, metavar="MÃ", help="bộ chỉ số đã nạp")
    opened.add_argument("--year", required=True, type=int, metavar="NĂM")
    opened.add_argument("--slug", metavar="TÊN", help="tên trong địa chỉ trang (mặc định: năm)")
    opened.add_argument("--calendar", required=True, type=Path, metavar="TỆP", help="lịch của kỳ, tệp TOML")
    opened.set_defaults(act=open_)
    listed = acts.add_parser("list", help="các kỳ đánh giá")
    listed.set_defaults(act=list_)
    shown = acts.add_parser("show", help="một kỳ: lịch và số hồ sơ ở mỗi trạng thái")
    shown.add_argument("slug", metavar="KỲ")
    shown.set_defaults(act=show)
    for act in (opened, listed, shown):
        act.add_argument("--json", action="store_true", help="in JSON cho chương trình khác đọc")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do the chosen act."""
    return int(args.act(args, settings))


def open_(args: argparse.Namespace, settings: Settings) -> int:
    """Prepare and open an assessment in one transaction."""
    from commands.calendar_file import read_calendar
    from workflow.actor import SYSTEM
    from workflow.opening import open_assessment
    from workflow.preparing import Preparation, prepare_assessment

    wanted = Preparation(args.catalogue, args.year, args.slug or str(args.year), read_calendar(args.calendar))
    with writing(settings) as session:
        assessment = prepare_assessment(session, SYSTEM, wanted)
        cases = open_assessment(session, SYSTEM, assessment)
        told = {"id": assessment.id, "slug": assessment.slug, "cases": cases}
    if args.json:
        print_json(told)
    else:
        print(f"đã mở kỳ {told['slug']}: {cases} hồ sơ")
    return 0


def list_(args: argparse.Namespace, settings: Settings) -> int:
    """Print all assessments, the newest first."""
    from sqlalchemy import select

    from models.tables import Assessment

    with looking(settings) as session:
        every = session.scalars(select(Assessment).order_by(Assessment.year.desc(), Assessment.slug))
        rows = [{"id": one.id, "slug": one.slug, "year": one.year, "state": one.state, "title": one.title} for one in every]
    print_rows(rows, as_json=args.json)
    return 0


def show(args: argparse.Namespace, settings: Settings) -> int:
    """Print one assessment with its dates and how many cases are in each state."""
    with looking(settings) as session:
        told = _told(session, args.slug)
    if args.json:
        print_json(told)
        return 0
    print(f"{told['slug']}: {told['title']} ({told['state']})")
    for clock, day in told["deadlines"].items():
        print(f"  {clock:<24}{day}")
    for state, count in told["cases"].items():
        print(f"  {state:<24}{count}")
    return 0


def _told(session: Any, slug: str) -> dict[str, Any]:  # noqa: ANN401  (a SQLAlchemy session, imported late)
    from sqlalchemy import select

    from models.tables import Assessment, Case, Deadline
    from states.clocks import shown_day
    from states.refusal import NotFound

    one = session.scalars(select(Assessment).where(Assessment.slug == slug)).first()
    if one is None:
        raise NotFound
    general = select(Deadline).where(Deadline.assessment_id == one.id, Deadline.case_id.is_(None)).order_by(Deadline.at)
    cases = Counter(session.scalars(select(Case.state).where(Case.assessment_id == one.id)))
    return {
        "id": one.id, "slug": one.slug, "year": one.year, "title": one.title, "state": one.state,
        "deadlines": {row.stage: shown_day(row.at).isoformat() for row in session.scalars(general)},
        "cases": dict(cases),
    }  # fmt: skip
