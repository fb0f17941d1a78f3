"""`thamdinh catalogue`: indicator sets as files (check) and as imported (import, list, show)."""

import argparse
from pathlib import Path
from typing import Any

from commands.database import looking, writing
from commands.printing import print_json, print_rows
from settings import Settings
from states.refusal import Refused

NAME = "catalogue"
HELP = "bộ chỉ số: kiểm tra tệp, nạp, liệt kê, xem"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`check FILE…`, `import FILE`, `list`, `show CODE`."""
    acts = parser.add_subparsers(metavar="VIỆC", required=True)
    checked = acts.add_parser("check", help="nêu mọi lỗi của tệp, mỗi lỗi kèm chỗ; có lỗi thì mã thoát 1")
    checked.add_argument("files", nargs="+", type=Path, metavar="TỆP")
    checked.set_defaults(act=check)
    imported = acts.add_parser("import", help="nạp một tệp cùng các cơ quan nêu trong đó")
    imported.add_argument("file", type=Path, metavar="TỆP")
    imported.set_defaults(act=import_)
    listed = acts.add_parser("list", help="các bộ chỉ số đã nạp")
    listed.add_argument("--json", action="store_true", help="in JSON cho chương trình khác đọc")
    listed.set_defaults(act=list_)
    shown = acts.add_parser("show", help="in một bộ chỉ số đã nạp")
    shown.add_argument("code", metavar="MÃ")
    shown.add_argument("--format", choices=["text", "json"], default="text", help="mặc định: text")
    shown.set_defaults(act=show)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do the chosen act."""
    return int(args.act(args, settings))


def check(args: argparse.Namespace, _settings: Settings) -> int:
    """Refuse with the problems of all files together."""
    from workflow.catalogue.reading import check_catalogue

    problems = [problem for path in args.files for problem in check_catalogue(path.read_bytes(), str(path))]
    if problems:
        raise Refused(problems)
    for path in args.files:
        print(f"{path}: không có lỗi")
    return 0


def import_(args: argparse.Namespace, settings: Settings) -> int:
    """Import all of the file or nothing."""
    from workflow.actor import SYSTEM
    from workflow.catalogue.importing import import_catalogue

    with writing(settings) as session:
        done = import_catalogue(session, SYSTEM, args.file.read_bytes(), str(args.file))
    news = [
        "quyết định mới" if done.new_decision else "",
        f"hướng dẫn bản {done.guidance}" if done.new_guidance else "",
        f"{len(done.new_organisations)} cơ quan mới" if done.new_organisations else "",
    ]
    print(f"{done.code}: {', '.join(filter(None, news)) or 'đã có sẵn, không có gì thay đổi'}")
    return 0


def list_(args: argparse.Namespace, settings: Settings) -> int:
    """Print the imported catalogues."""
    from workflow.catalogue.stored import list_catalogues

    with looking(settings) as session:
        found = list_catalogues(session)
    keys = ("code", "number", "guidance", "frozen", "decision_hash", "title")
    rows = [{key: getattr(one, key) for key in keys} for one in found]
    print_rows(rows, as_json=args.json)
    return 0


def show(args: argparse.Namespace, settings: Settings) -> int:
    """Print one catalogue: all of it as JSON, its indicators with points and bodies as text."""
    from workflow.catalogue.stored import show_catalogue

    with looking(settings) as session:
        catalogue = show_catalogue(session, args.code)
    if args.format == "json":
        print_json(catalogue)
    else:
        _print_sets(catalogue)
    return 0


def _print_sets(catalogue: dict[str, Any]) -> None:
    for chosen in catalogue["sets"]:
        print(f"\n{chosen['code']}  {chosen['title']}  ({chosen['total']} điểm)")
        for group in chosen["groups"]:
            print(f"\n  {group['number']}. {group['title']}  ({group['points']} điểm)")
            for one in group["indicators"]:
                print(f"    {one['code']:<8}{one['points']:>4}  {', '.join(one['bodies']):<16}  {one['title']}")
