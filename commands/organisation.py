"""`thamdinh organisation list`: the units and the grading bodies."""

import argparse

from commands.database import looking
from commands.printing import print_rows
from settings import Settings

NAME = "organisation"
HELP = "các cơ quan, đơn vị"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`list [--json]`."""
    acts = parser.add_subparsers(metavar="VIỆC", required=True)
    listed = acts.add_parser("list", help="liệt kê theo thứ tự tiếng Việt")
    listed.add_argument("--json", action="store_true", help="in JSON cho chương trình khác đọc")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print every organisation."""
    from sqlalchemy import select

    from models.tables import Organisation

    with looking(settings) as session:
        every = session.scalars(select(Organisation).order_by(Organisation.sort_key, Organisation.code))
        rows = [
            {"code": one.code, "name": one.name, "kind": one.kind, "is_unit": one.is_unit, "is_body": one.is_body, "aliases": one.aliases}
            for one in every
        ]
    print_rows(rows, as_json=args.json)
    return 0
