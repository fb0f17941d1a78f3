"""`thamdinh user`: accounts from the command line, the first admin above all."""

import argparse
import sys

from commands.database import looking, writing
from commands.printing import print_rows
from settings import Settings
from states.refusal import NotFound, Refused

NAME = "user"
HELP = "tài khoản: thêm, khóa, liệt kê"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`add`, `disable`, `list`."""
    acts = parser.add_subparsers(metavar="VIỆC", required=True)
    added = acts.add_parser("add", help="thêm một người và gửi thư mời đặt mật khẩu")
    added.add_argument("email", metavar="THƯ")
    added.add_argument("--name", required=True, metavar="HỌ-TÊN")
    added.add_argument("--role", metavar="VAI", help="admin, secretariat, chair, unit_head, grader_lead, …")
    added.add_argument("--organisation", metavar="MÃ", help="cơ quan của vai ấy")
    added.add_argument("--assessment", default="", metavar="KỲ", help="chỉ cho một kỳ (mặc định: mọi kỳ)")
    added.add_argument("--password-stdin", action="store_true", help="đọc mật khẩu từ đầu vào chuẩn thay vì gửi thư mời")
    added.set_defaults(act=add)
    disabled = acts.add_parser("disable", help="khóa một tài khoản; mọi phiên dừng ngay")
    disabled.add_argument("email", metavar="THƯ")
    disabled.set_defaults(act=disable)
    listed = acts.add_parser("list", help="mọi tài khoản")
    listed.add_argument("--json", action="store_true", help="in JSON cho chương trình khác đọc")
    listed.set_defaults(act=list_)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do the chosen act."""
    return int(args.act(args, settings))


def add(args: argparse.Namespace, settings: Settings) -> int:
    """Add a person with at most one membership, by invitation or with a password."""
    from workflow.actor import SYSTEM
    from workflow.memberships import NewMembership
    from workflow.people import NewPerson, add_person

    memberships = (NewMembership(args.role or "", args.organisation or "", args.assessment),) if args.role or args.organisation else ()
    secret = _secret(args.email, args.name) if args.password_stdin else None
    with writing(settings) as session:
        add_person(session, SYSTEM, NewPerson(args.email, args.name, memberships=memberships), secret=secret)
    print(f"đã thêm {args.email}" if secret else f"đã thêm {args.email}; thư mời sẽ đi khi `thamdinh worker` chạy")
    return 0


def _secret(email: str, name: str) -> str:
    """The hash of the password on the standard input: one line, never an argument that others could see."""
    from workflow.passwords import hash_password, password_problems

    password = sys.stdin.readline().rstrip("\n")
    problems = password_problems(password, email, name)
    if problems:
        raise Refused(problems)
    return hash_password(password)


def disable(args: argparse.Namespace, settings: Settings) -> int:
    """Close the account of an address."""
    from workflow.actor import SYSTEM
    from workflow.people import disable_person
    from workflow.signing_in import person_by_email

    with writing(settings) as session:
        person_id = person_by_email(session, args.email)
        if person_id is None:
            raise NotFound
        disable_person(session, SYSTEM, person_id)
    print(f"đã khóa {args.email}")
    return 0


def list_(args: argparse.Namespace, settings: Settings) -> int:
    """Print every account with its roles."""
    from workflow.actor import SYSTEM
    from workflow.people import find_people

    with looking(settings) as session:
        pages = find_people(session, SYSTEM).pages
        lines = [line for page in range(1, pages + 1) for line in find_people(session, SYSTEM, page=page).lines]
    rows = [
        {
            "email": one.email, "name": one.name, "disabled": one.disabled, "invited": one.invited,
            "roles": [f"{role} {organisation}" for role, organisation in one.roles],
        }
        for one in lines
    ]  # fmt: skip
    print_rows(rows, as_json=args.json)
    return 0
