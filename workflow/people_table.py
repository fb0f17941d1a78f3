"""Many people at once from a pasted table: every problem at its row first, then all of them or none."""

import csv
from collections import Counter
from dataclasses import dataclass
from io import StringIO

from sqlalchemy.orm import Session

from states.refusal import Problem, Refused
from states.roles import SIGNED_IN
from states.words import N_
from workflow.actor import Actor
from workflow.folding import folded
from workflow.memberships import NewMembership, check_may
from workflow.people import NewPerson, checked_person, keep_person
from workflow.signing_in import folded_email

COLUMNS = ("name", "email", "role", "organisation", "title", "phone")
NEEDED = 4
MOST = 1000
EMPTY = N_("Dán ít nhất một dòng có họ tên, thư, vai và mã cơ quan.")
TOO_MANY = N_("Nhiều nhất %(most)s dòng một lần; bảng này có %(count)s.")
TOO_FEW_COLUMNS = N_("Dòng này thiếu cột: cần họ tên, thư, vai, mã cơ quan.")
TWICE = N_("Thư này đứng ở nhiều dòng của bảng.")
BROKEN = N_("Không đọc được bảng này.")


@dataclass(frozen=True, slots=True)
class TableLine:
    """One row of the table as understood: its number from 1, what it asks for, and what is wrong with it."""

    number: int
    person: NewPerson
    problems: tuple[Problem, ...] = ()

    @property
    def role(self) -> str:
        """The name of the role, or what was typed where there is none of that name."""
        typed = self.person.memberships[0].role
        return next((role.label for role in SIGNED_IN if role.value == typed), typed)


def read_table(session: Session, actor: Actor, text: str) -> list[TableLine]:
    """Read a table pasted from a spreadsheet (tabs), or with ; or , between columns; a first row of headings is skipped."""
    check_may(actor, "manage_people")
    rows = _rows(text)
    if not rows:
        raise Refused(Problem(EMPTY, "table"))
    if len(rows) > MOST:
        raise Refused(Problem(TOO_MANY, "table", {"most": MOST, "count": len(rows)}))
    times = Counter(folded_email(cells[1]) for _, cells in rows if len(cells) > 1)
    return [_checked(session, number, cells, times) for number, cells in rows]


def add_table(session: Session, actor: Actor, text: str) -> int:
    """Add everybody in the table, each with an invitation, and return how many; with one problem anywhere, nobody."""
    lines = read_table(session, actor, text)
    problems = [Problem(problem.text, f"row-{line.number}", problem.params) for line in lines for problem in line.problems]
    if problems:
        raise Refused(problems)
    for line in lines:
        keep_person(session, actor, checked_person(session, line.person))
    return len(lines)


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Return (row number, cells) of every row that is not empty, without the headings."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    between = next((sign for sign in "\t;," if sign in first), "\t")
    try:
        read = list(csv.reader(StringIO(text.strip("\n")), delimiter=between))
    except csv.Error as wrong:
        raise Refused(Problem(BROKEN, "table")) from wrong
    rows = [(number, [cell.strip() for cell in cells]) for number, cells in enumerate(read, start=1) if any(cell.strip() for cell in cells)]
    return rows[1:] if rows and not any("@" in cell for cell in rows[0][1]) and len(rows) > 1 else rows


def _checked(session: Session, number: int, cells: list[str], times: Counter[str]) -> TableLine:
    named = dict(zip(COLUMNS, [*cells, *[""] * len(COLUMNS)], strict=False))
    membership = NewMembership(role_typed(named["role"]), named["organisation"])
    person = NewPerson(named["email"], named["name"], named["title"], named["phone"], (membership,))
    if len(cells) < NEEDED:
        return TableLine(number, person, (Problem(TOO_FEW_COLUMNS),))
    problems = [Problem(TWICE)] if times[folded_email(named["email"])] > 1 else []
    try:
        checked_person(session, person)
    except Refused as refused:
        problems += refused.problems
    return TableLine(number, person, tuple(problems))


def role_typed(typed: str) -> str:
    """Return the role's code for its code or its Vietnamese name in any spelling; what is neither comes back as typed."""
    wanted = folded(typed)
    return next((role.value for role in SIGNED_IN if wanted in {folded(role.value), folded(role.label)}), typed)
