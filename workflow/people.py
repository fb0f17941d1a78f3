"""People and their accounts, as the admin keeps them: added and invited, found, disabled and let in again."""

import secrets
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.tables import Credential, Membership, Organisation, Person
from models.tables import Session as SessionRow
from states.refusal import NotFound, Problem, Refused
from states.roles import Role
from states.words import N_
from workflow.accounts import INVITATION, give_token, keep_password, spend_tokens, tell_address_changed
from workflow.actor import Actor
from workflow.catalogue.sorting import sort_key
from workflow.clock import machine_now
from workflow.folding import folded
from workflow.journal import SYSTEM_CHAIN, record
from workflow.memberships import (
    NewMembership,
    RoleHeld,
    check_may,
    check_not_last_admin,
    checked_membership,
    roles_held,
    tell_watchers,
)
from workflow.signing_in import end_sessions_of, folded_email

MISSING_NAME = N_("Nhập họ và tên.")
MISSING_EMAIL = N_("Nhập địa chỉ thư công vụ.")
BAD_EMAIL = N_("“%(typed)s” không phải địa chỉ thư.")
EMAIL_TAKEN = N_("Đã có tài khoản với địa chỉ %(typed)s.")
NOT_ONESELF = N_("Không thể tự khóa tài khoản của chính mình.")
HAS_PASSWORD = N_("Người này đã có mật khẩu; hãy dùng mục đặt lại mật khẩu.")
DISABLED = N_("Tài khoản đã khóa; quản trị mở lại trước.")
HELP = "help_sign_in"
FINDING = ("manage_people", HELP)
"""The actions any of which shows who has an account."""
LONGEST = 400
PAGE = 50


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What the admin types about a person; the memberships come at once."""

    email: str
    name: str
    title: str = ""
    phone: str = ""
    memberships: tuple[NewMembership, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """Rows of a new person that passed every check, not yet added."""

    person: Person
    memberships: tuple[Membership, ...]


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person in the list."""

    id: int
    name: str
    email: str
    title: str
    disabled: bool
    invited: bool
    """Has an account but no password yet."""
    roles: tuple[tuple[Role, str], ...] = ()
    """Role and organisation of each membership, those that ended too."""


@dataclass(frozen=True, slots=True)
class PeopleFound:
    """One page of the list, and how many there are."""

    lines: tuple[PersonLine, ...]
    count: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class PersonSheet:
    """One person with everything the admin sees: never a password, never a score."""

    line: PersonLine
    phone: str
    created_at: datetime
    seen_at: datetime | None
    memberships: list[RoleHeld] = field(default_factory=list)


def set_locale(session: Session, person_id: int, locale: str) -> None:
    """Keep the language a person wants to read."""
    session.execute(update(Person).where(Person.id == person_id).values(locale=locale))


def find_people(session: Session, actor: Actor, search: str = "", role: str = "", page: int = 1) -> PeopleFound:
    """Return a page of people by name; `search` looks into names, addresses and organisations and does not mind marks."""
    check_may(actor, *FINDING)
    wanted = folded(search).split()
    lines = [
        line
        for line, text in _lines(session)
        if all(word in text for word in wanted) and (not role or any(held == role for held, _ in line.roles))
    ]
    pages = max(1, -(-len(lines) // PAGE))
    page = min(max(page, 1), pages)
    return PeopleFound(tuple(lines[(page - 1) * PAGE : page * PAGE]), len(lines), page, pages)


def _lines(session: Session, person_id: int | None = None) -> list[tuple[PersonLine, str]]:
    """Return people with the text they are found by, in two queries whatever their number."""
    people = select(Person, Credential.id).outerjoin(Credential, (Credential.person_id == Person.id) & (Credential.kind == "password"))
    held = select(Membership.person_id, Membership.role, Organisation.name, Organisation.code)
    held = held.join(Organisation, Organisation.id == Membership.organisation_id).order_by(Membership.id)
    if person_id is not None:
        people, held = people.where(Person.id == person_id), held.where(Membership.person_id == person_id)
    roles: dict[int, list[tuple[Role, str, str]]] = {}
    for owner, role, name, code in session.execute(held):
        roles.setdefault(owner, []).append((Role(role), name, code))
    found = [(_line(person, credential is not None, roles.get(person.id, [])), person) for person, credential in session.execute(people)]
    found.sort(key=lambda pair: (sort_key(pair[0].name), pair[0].id))
    return [(line, _text(line, roles.get(line.id, []))) for line, _ in found]


def _line(person: Person, has_password: bool, roles: list[tuple[Role, str, str]]) -> PersonLine:  # noqa: FBT001  (two flags of one row)
    held = tuple((role, name) for role, name, _ in roles)
    return PersonLine(person.id, person.name, person.email, person.title, person.disabled_at is not None, not has_password, held)


def _text(line: PersonLine, roles: list[tuple[Role, str, str]]) -> str:
    return folded(" ".join([line.name, line.email, line.title, *(f"{name} {code}" for _, name, code in roles)]))


def person_sheet(session: Session, actor: Actor, person_id: int) -> PersonSheet:
    """Return one person; `NotFound` when there is none."""
    check_may(actor, *FINDING)
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    line = _lines(session, person_id)[0][0]
    query = select(SessionRow.seen_at).where(SessionRow.person_id == person_id).order_by(SessionRow.seen_at.desc()).limit(1)
    return PersonSheet(line, person.phone, person.created_at, session.scalar(query), roles_held(session, person_id, ended_too=True))


def checked_person(session: Session, new: NewPerson) -> Checked:
    """Return the rows for a new person, not yet added; `Refused` with every problem at its field."""
    said, problems = _said(session, new)
    memberships = []
    for asked in new.memberships:
        try:
            memberships.append(checked_membership(session, asked))
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    person = Person(**said, locale="vi", created_at=machine_now(), chain_salt=secrets.token_hex(32))
    return Checked(person, tuple(memberships))


def change_person(session: Session, actor: Actor, person_id: int, new: NewPerson) -> None:
    """Correct what is said of a person; the journal holds which of it, never the words. Memberships have acts of their own."""
    check_may(actor, "manage_people")
    person = session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotFound
    said, problems = _said(session, new, person_id)
    if problems:
        raise Refused(problems)
    before = person.email
    changed = [name for name, value in said.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, said[name])
    if "email" in changed:
        tell_address_changed(session, person_id, before)
        spend_tokens(session, person_id)  # what went to the old address opens nothing any more
        if session.scalar(select(Credential.id).where(Credential.person_id == person_id, Credential.kind == "password")) is None:
            give_token(session, person_id, INVITATION)
    if changed:
        record(session, SYSTEM_CHAIN, actor, "change_person", f"person:{person_id}", {"changed": changed})


def _said(session: Session, new: NewPerson, known: int = 0) -> tuple[dict[str, str], list[Problem]]:
    """Return what was typed as it is kept, and what is wrong with it; `known` is the person it is about already."""
    name, email = unicodedata.normalize("NFC", " ".join(new.name.split())), folded_email(new.email)
    problems = [] if name else [Problem(MISSING_NAME, "name")]
    if not email:
        problems.append(Problem(MISSING_EMAIL, "email"))
    elif not _is_email(email):
        problems.append(Problem(BAD_EMAIL, "email", {"typed": new.email.strip()[:80]}))
    elif session.scalar(select(Person.id).where(Person.email == email, Person.id != known)) is not None:
        problems.append(Problem(EMAIL_TAKEN, "email", {"typed": email}))
    said = {"email": email, "name": name[:LONGEST], "title": new.title.strip()[:LONGEST], "phone": new.phone.strip()[:64]}
    return said, problems


def _is_email(text: str) -> bool:
    try:
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return len(text) <= LONGEST


def add_person(session: Session, actor: Actor, new: NewPerson, *, secret: str | None = None, invite: bool = True) -> int:
    """Add a person with memberships and return the id; an invitation goes out unless a password (hashed, `secret`) is given."""
    check_may(actor, "manage_people")
    return keep_person(session, actor, checked_person(session, new), secret=secret, invite=invite)


def keep_person(session: Session, actor: Actor, checked: Checked, *, secret: str | None = None, invite: bool = True) -> int:
    """Add checked rows, the invitation and the event."""
    person, memberships = checked.person, checked.memberships
    session.add(person)
    session.flush()
    for membership in memberships:
        membership.person_id = person.id
    session.add_all(memberships)
    session.flush()
    if secret is not None:
        keep_password(session, person.id, secret)
    elif invite:
        give_token(session, person.id, INVITATION)
    for membership in memberships:
        tell_watchers(session, actor, membership)
    held = [{"id": held.id, "role": held.role, "organisation": held.organisation_id} for held in memberships]
    record(session, SYSTEM_CHAIN, actor, "add_person", f"person:{person.id}", {"memberships": held, "invited": secret is None and invite})
    return person.id


def invite_again(session: Session, actor: Actor, person_id: int) -> None:
    """Send the invitation once more; the earlier link stops working. Not for somebody who has a password."""
    check_may(actor, HELP)
    sheet = person_sheet(session, actor, person_id)
    if sheet.line.disabled:
        raise Refused(DISABLED)
    if not sheet.line.invited:
        raise Refused(HAS_PASSWORD)
    give_token(session, person_id, INVITATION)
    record(session, SYSTEM_CHAIN, actor, "invite_person", f"person:{person_id}")


def disable_person(session: Session, actor: Actor, person_id: int) -> None:
    """Close an account: every session ends at once. What the person did stays."""
    check_may(actor, "manage_people")
    if person_id == actor.person_id:
        raise Refused(NOT_ONESELF)
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    if any(role is Role.ADMIN for role, _ in person_sheet(session, actor, person_id).line.roles):
        check_not_last_admin(session, person_id)
    person.disabled_at = machine_now()
    session.flush()
    ended = end_sessions_of(session, person_id)
    record(session, SYSTEM_CHAIN, actor, "disable_person", f"person:{person_id}", {"sessions_ended": ended})


def enable_person(session: Session, actor: Actor, person_id: int) -> None:
    """Open a closed account again."""
    check_may(actor, "manage_people")
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    person.disabled_at = None
    session.flush()
    record(session, SYSTEM_CHAIN, actor, "enable_person", f"person:{person_id}")
