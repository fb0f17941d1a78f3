"""The people of the demo: for every unit, body and seat one account, with a Vietnamese name and a post; one password for all."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Credential, Membership, Organisation, Person
from states.roles import Role
from workflow.clock import machine_now
from workflow.passwords import DEMO_PASSWORD, hash_password

FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Phan", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý")
MIDDLE = ("Văn", "Thị", "Minh", "Thu", "Quang", "Ngọc", "Đức", "Thanh", "Hữu", "Hồng", "Anh", "Bích")
GIVEN = (
    "An", "Bình", "Chi", "Dung", "Giang", "Hà", "Hạnh", "Hiếu", "Hoa", "Huy", "Hương", "Khánh", "Lan", "Lâm", "Linh", "Long", "Mai", "Nam",
    "Nga", "Phương", "Quân", "Sơn", "Thảo", "Thắng", "Trang", "Trung", "Tuấn", "Vân", "Việt", "Yến",
)  # fmt: skip
OUTSIDE = (
    ("UBNDTP", "UBND thành phố Hà Nội", "authority"),
    ("DHBKHN", "Đại học Bách khoa Hà Nội", "outside"),
    ("VIENCNTT", "Viện Công nghệ thông tin", "outside"),
    ("HOITH", "Hội Tin học Việt Nam", "outside"),
)
"""Where the council's chair and its outside experts come from; they are neither units nor bodies."""

SEATS = (
    ("secretariat.skhcn", Role.SECRETARIAT, "SKHCN", "Chuyên viên, Tổ thư ký"),
    ("council.1", Role.COUNCIL_MEMBER, "DHBKHN", "Giảng viên cao cấp"),
    ("council.2", Role.COUNCIL_MEMBER, "VIENCNTT", "Trưởng phòng"),
    ("council.3", Role.COUNCIL_MEMBER, "HOITH", "Ủy viên thường vụ"),
    ("council.4", Role.COUNCIL_MEMBER, "STC", "Phó Giám đốc"),
    ("chair", Role.CHAIR, "UBNDTP", "Phó Chủ tịch UBND Thành phố"),
    ("deputy", Role.DEPUTY, "SKHCN", "Giám đốc"),
    ("auditor", Role.AUDITOR, "UBNDTP", "Thanh tra viên"),
    ("admin", Role.ADMIN, "UBNDTP", "Quản trị hệ thống"),
)


@dataclass(frozen=True, slots=True)
class Account:
    """One demo account before it is written."""

    local: str
    role: Role
    organisation: str
    title: str


def email_of(local: str) -> str:
    """Return the address of a demo account ("unit.00004")."""
    return f"{local}@demo.example"


def accounts(organisations: list[Organisation]) -> Iterator[Account]:
    """Yield every account: two for a unit, two for a body, and the seats."""
    for one in organisations:
        code = one.code.lower()
        if one.is_unit:
            commune = one.kind in {"phuong", "xa"}
            yield Account(f"unit.{code}", Role.UNIT_STAFF, one.code, "Công chức Văn hóa - Xã hội" if commune else "Chuyên viên Văn phòng")
            yield Account(f"head.{code}", Role.UNIT_HEAD, one.code, "Chủ tịch UBND" if commune else "Giám đốc")
        if one.is_body:
            yield Account(f"grader.{code}", Role.GRADER, one.code, "Chuyên viên")
            yield Account(f"lead.{code}", Role.GRADER_LEAD, one.code, "Trưởng phòng")
    for local, role, organisation, title in SEATS:
        yield Account(local, role, organisation, title)


def seed_people(session: Session, seed: int = 1) -> int:
    """Write the accounts that are not there yet; return how many. The password is the demo's."""
    _seed_outside(session)
    organisations = list(session.scalars(select(Organisation).order_by(Organisation.sort_key, Organisation.code)))
    ids = {one.code: one.id for one in organisations}
    known = set(session.scalars(select(Person.email)))
    random, secret, now = Random(seed), hash_password(DEMO_PASSWORD), machine_now()  # noqa: S311  (names, not secrets)
    made = 0
    for account in accounts(organisations):
        name = " ".join(random.choice(names) for names in (FAMILY, MIDDLE, GIVEN))
        if email_of(account.local) in known:
            continue
        person = Person(
            email=email_of(account.local), name=name, title=account.title, phone="024 0000 0000", locale="vi", created_at=now,
            chain_salt=f"{random.getrandbits(256):064x}",
        )  # fmt: skip
        session.add(person)
        session.flush()
        session.add(Credential(person_id=person.id, kind="password", secret=secret, changed_at=now))
        session.add(Membership(person_id=person.id, organisation_id=ids[account.organisation], role=account.role.value))
        made += 1
    session.flush()
    return made


def _seed_outside(session: Session) -> None:
    known = set(session.scalars(select(Organisation.code)))
    for place, (code, name, kind) in enumerate(OUTSIDE):
        if code not in known:
            session.add(
                Organisation(
                    namespace="outside", code=code, name=name, short_name=name, sort_key=f"9{place}", kind=kind, is_unit=False,
                    is_body=False, aliases=[],
                )
            )  # fmt: skip
    session.flush()
