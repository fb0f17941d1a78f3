"""Organisations as the admin keeps them: found, and their names and aliases corrected, with the history in the system's chain."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.tables import Event, Membership, Organisation
from states.refusal import NotFound, Problem, Refused
from states.words import N_
from workflow.actor import Actor
from workflow.canonical import digest
from workflow.catalogue.sorting import sort_key
from workflow.folding import folded
from workflow.journal import SYSTEM_CHAIN, record
from workflow.memberships import check_may

MISSING_NAME = N_("Nhập tên cơ quan.")
TOO_LONG = N_("Tên dài quá %(most)s ký tự.")
ALIAS_TAKEN = N_("“%(typed)s” đang là tên của %(organisation)s.")
LONGEST = 400
RENAME = "rename_organisation"


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """One organisation in the list."""

    code: str
    name: str
    short_name: str
    kind: str
    is_unit: bool
    is_body: bool
    aliases: tuple[str, ...]
    people: int = 0


@dataclass(frozen=True, slots=True)
class Names:
    """What an organisation is called."""

    name: str
    short_name: str
    aliases: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class OrganisationSheet:
    """One organisation with the moments at which it was renamed (the chain keeps hashes, not names)."""

    line: OrganisationLine
    renamed_at: tuple[datetime, ...]


def find_organisations(session: Session, actor: Actor, search: str = "") -> list[OrganisationLine]:
    """Return organisations in Vietnamese order; `search` looks into codes, names and aliases and does not mind marks."""
    check_may(actor, "manage_organisations")
    people = select(Membership.organisation_id, func.count(Membership.person_id.distinct()).label("number")).group_by(
        Membership.organisation_id
    )
    counted = people.subquery()
    query = select(Organisation, counted.c.number).outerjoin(counted, counted.c.organisation_id == Organisation.id)
    wanted = folded(search).split()
    lines = [_line(row, number or 0) for row, number in session.execute(query.order_by(Organisation.sort_key, Organisation.code))]
    return [
        line for line in lines if all(word in folded(" ".join((line.code, line.name, line.short_name, *line.aliases))) for word in wanted)
    ]


def organisation_sheet(session: Session, actor: Actor, code: str) -> OrganisationSheet:
    """Return one organisation by its code."""
    check_may(actor, "manage_organisations")
    row = _by_code(session, code)
    query = select(Event.at).where(Event.chain == SYSTEM_CHAIN.kind, Event.act == RENAME, Event.object == f"organisation:{row.id}")
    people = session.scalar(select(func.count(Membership.person_id.distinct())).where(Membership.organisation_id == row.id))
    return OrganisationSheet(_line(row, people or 0), tuple(session.scalars(query.order_by(Event.seq))))


def rename_organisation(session: Session, actor: Actor, code: str, called: Names) -> None:
    """Correct the names of an organisation; its code never changes. The event keeps the hash of what it was called before."""
    check_may(actor, "manage_organisations")
    row = _by_code(session, code)
    name, short_name = _tidy(called.name), _tidy(called.short_name)
    kept = list(dict.fromkeys(alias for alias in map(_tidy, called.aliases) if alias and alias != name))
    problems = _problems(session, row, name, short_name, kept)
    if problems:
        raise Refused(problems)
    before = digest("thamdinh/organisation/1", [row.name, row.short_name, list(row.aliases)])
    if row.short_name != short_name or row.name != name:
        # those of the decision's own order keep their place
        row.sort_key = row.sort_key if row.sort_key[:3].isdigit() else sort_key(short_name or name)
    row.name, row.short_name, row.aliases = name, short_name, kept
    session.flush()
    after = digest("thamdinh/organisation/1", [name, short_name, kept])
    record(session, SYSTEM_CHAIN, actor, RENAME, f"organisation:{row.id}", {"before": before, "after": after})


def _problems(session: Session, row: Organisation, name: str, short_name: str, aliases: list[str]) -> list[Problem]:
    problems = [] if name else [Problem(MISSING_NAME, "name")]
    for place, text in (("name", name), ("short_name", short_name), *(("aliases", alias) for alias in aliases)):
        if len(text) > LONGEST:
            problems.append(Problem(TOO_LONG, place, {"most": LONGEST}))
    others = session.execute(select(Organisation.name, Organisation.aliases).where(Organisation.id != row.id)).all()
    taken = {spelling.casefold(): other for other, spellings in others for spelling in (other, *spellings)}
    for place, text in (("name", name), *(("aliases", alias) for alias in aliases)):
        if text.casefold() in taken:
            problems.append(Problem(ALIAS_TAKEN, place, {"typed": text, "organisation": taken[text.casefold()]}))
    return problems


def _by_code(session: Session, code: str) -> Organisation:
    row = session.scalars(select(Organisation).where(Organisation.code == code)).first()
    if row is None:
        raise NotFound
    return row


def _line(row: Organisation, people: int) -> OrganisationLine:
    return OrganisationLine(row.code, row.name, row.short_name, row.kind, row.is_unit, row.is_body, tuple(row.aliases), people)


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))
