"""Every address that answers to GET, asked by every role: 200 only where an action allows it, what comes is a whole page, and it takes
as many statements for three rows as for one.

An address that is new stands in `PLACES` or, with its reason, in `NOT_SWEPT`, or the first test fails.
"""

import re
import shutil
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sqlalchemy import select

from models.session import make_engine, reading
from models.tables import Person, Submission
from states.case import CaseState
from states.permissions import WITHOUT_CASE, may
from tests.season import GRADING, make_season
from tests.small import CATALOGUE, MEETING, SECRETARY, SPRING, Small
from tests.web.conftest import settings_for
from tests.web.statements import counted
from tests.workflow.test_matrix import YES, expected_on_case
from web.routing import ANYBODY_SIGNED_IN, PUBLIC, routes_with_actions
from workflow.actor import Actor, actor_for

UNIT, CODE = "00004", "T.02"
COMMUNES = (UNIT, "00008", "00013")
ROLES = (
    "", f"unit.{UNIT}", f"head.{UNIT}", "head.00008", "grader.catp", "lead.catp", SECRETARY, "council.1", "deputy", "chair", "auditor",
    "admin",
)  # fmt: skip
"""Who walks: everybody and the public, and somebody of another unit."""
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


@dataclass(frozen=True)
class Place:
    """One address, filled in, and what may come of it where it is allowed: sometimes it leads on, or there is nothing yet."""

    path: str
    codes: frozenset[int] = frozenset({200})
    html: bool = True


LEADS, EMPTY = frozenset({200, 303}), frozenset({200, 404})
CASE = f"/ky/2025/ho-so/{UNIT}"
PLACES = {
    "healthz": Place("/healthz", html=False), "readyz": Place("/readyz", html=False),
    "accounts.sign_in": Place("/dang-nhap", LEADS), "accounts.roles": Place("/vai-tro"),
    "passwords.ask": Place("/dat-lai-mat-khau"), "passwords.prove": Place("/xac-nhan-lai", LEADS),
    "passwords.choose": Place("/dat-lai-mat-khau/het-han", frozenset({200, 404, 410})),
    "admin.catalogues": Place("/quan-tri/bo-chi-so"), "admin.show_catalogue": Place("/quan-tri/bo-chi-so/small-catalogue"),
    "admin.show_mail": Place("/quan-tri/thu"), "admin.people": Place("/quan-tri/nguoi-dung"),
    "admin.person_page": Place("/quan-tri/nguoi-dung/{person}"), "admin.new_person": Place("/quan-tri/nguoi-dung/them"),
    "admin.edit_person": Place("/quan-tri/nguoi-dung/{person}/sua"),
    "admin.organisations": Place("/quan-tri/co-quan"), "admin.organisation_page": Place("/quan-tri/co-quan/STC"),
    "admin.table": Place("/quan-tri/nguoi-dung/bang"),
    "cases.show_explanation": Place(f"{CASE}/giai-trinh", LEADS), "cases.show_item": Place(f"{CASE}/chi-so/{CODE}"),
    "cases.go_to_item": Place(f"{CASE}/chi-so?code={CODE}", frozenset({303})), "cases.show_cases": Place("/ky/2025/ho-so", LEADS),
    "cases.show_case": Place(CASE), "cases.show_check": Place(f"{CASE}/nop", LEADS),
    "cases.show_receipt": Place(f"{CASE}/bien-nhan", EMPTY), "cases.check_receipt": Place("/bien-nhan/{receipt}"),
    "cases.ask_receipt": Place("/bien-nhan"),
    "cases.show_people": Place(f"{CASE}/phu-trach"),
    "grading.case": Place(f"{CASE}/cham-diem", EMPTY), "grading.grid": Place(f"/ky/2025/cham-diem/{CODE}", EMPTY),
    "grading.queue": Place("/ky/2025/cham-diem"), "council.show_council": Place("/ky/2025/hoi-dong"),
    "council.preview": Place("/ky/2025/chuyen/release_round_1"),
    "public.method": Place("/phuong-phap"), "public.calendar": Place("/lich"), "public.home": Place("/"),
    "public.ranking": Place("/ket-qua/2025", EMPTY), "public.earlier": Place("/ket-qua/2025/v1", EMPTY),
    "public.unit": Place(f"/ket-qua/2025/{UNIT}", EMPTY), "public.indicator": Place(f"/ket-qua/2025/chi-so/{CODE}", EMPTY),
    "public.download": Place("/ket-qua/2025.csv", EMPTY, html=False),
    "public.download_earlier": Place("/ket-qua/2025/v1.json", EMPTY, html=False),
    "secretariat.show_deadlines": Place("/ky/2025/thoi-han"), "secretariat.show_publishing": Place("/ky/2025/cong-bo"),
    "secretariat.download_ranking": Place("/ky/2025/cong-bo.xlsx", html=False), "secretariat.show_assessments": Place("/ky/chuan-bi"),
    "secretariat.show_preparation": Place("/ky/chuan-bi/moi"), "secretariat.show_progress": Place("/ky/2025/tien-do"),
    "secretariat.show_scores": Place("/ky/2025/tien-do/diem"), "secretariat.download_progress": Place("/ky/2025/tien-do.xlsx", html=False),
    "secretariat.show_guidance": Place("/ky/2025/huong-dan", EMPTY),
    "secretariat.show_guidance_entry": Place(f"/ky/2025/huong-dan/{CODE}", EMPTY), "own.show": Place("/toi"),
    "secretariat.show_remind": Place("/ky/2025/nhac-ngay"), "journal.show_journal": Place("/ky/2025/nhat-ky"),
    "work.show_work": Place("/viec-cua-toi"), "demo.clock": Place("/dong-ho"), "demo.mailbox": Place("/hom-thu"),
}  # fmt: skip
NOT_SWEPT = {
    "static": "files, no pages: tests/web/test_look.py",
    "cases.serve_evidence": "hands out a file, allowed link by link: tests/web/test_cases_acts.py",
    "secretariat.open_decision": "hands out a file: tests/web/test_secretariat.py",
    "public.paper": "hands out a file: tests/web/test_public.py",
    "demo.message": "one mail of the catcher's, which has none here",
}
PARTS = ("de-xuat", "tranh-chap", "khong-phat-sinh", "cham-cheo", "vong-2", "chot", f"ho-so&don-vi={UNIT}&chi-so={CODE}")
TABS = {
    "grading.queue": ("?theo=ho-so",), "grading.case": (f"?chi-so={CODE}",),
    "secretariat.show_deadlines": ("?xem=nhac", "?xem=thu"), "journal.show_journal": ("?xem=mo", "?xem=he-thong", "?kiem-tra=1"),
    "council.show_council": tuple(f"?phan={part}" for part in PARTS),
}  # fmt: skip
"""Pages that show other things by what follows the question mark: counted too."""


class Whole(HTMLParser):
    """Whether the tags of a page match, and what its frame says."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.lang = self.title = ""
        self.nameless: list[str] = []
        self.feed(text)
        self.wrong += self.open

    def handle_starttag(self, tag, attrs):
        about = dict(attrs)
        if tag == "html":
            self.lang = about.get("lang") or ""
        if tag not in VOID:
            self.open.append(tag)
        if tag == "img" and "alt" not in about:
            self.nameless.append(self.get_starttag_text())

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data):
        if self.open and self.open[-1] == "title" and "svg" not in self.open:
            self.title += data


def troubles_of(text: str) -> list[str]:
    """What is wrong with a page, beyond what `look_at` of the visitor asserts of every page (h1, labels, ids, policy)."""
    page = Whole(text)
    found = [*page.wrong[:3], *page.nameless]
    found += [] if page.lang == "vi" else [f"lang={page.lang!r}"]
    return found if page.title.strip() else [*found, "no title"]


# who is let in


def may_see(actor: Actor | None, actions: tuple[str, ...], path: str, state: CaseState) -> bool:
    """Whether one of the actions opens a place to somebody, by the matrix and by what the matrix's own test expects on a case."""
    if PUBLIC in actions:
        return True
    if actor is None:
        return False
    if ANYBODY_SIGNED_IN in actions:
        return True
    for action in actions:
        if path.startswith(CASE) and action not in WITHOUT_CASE:
            if expected_on_case(actor, action, state, UNIT) == YES:
                return True
        elif may(actor.role, action if not action.startswith("<") else path.rpartition("/")[2]):
            return True
    return False


def actions_of(app) -> dict[str, tuple[str, ...]]:
    return {route.endpoint: route.actions for route in routes_with_actions(app) if "GET" in route.methods}


# the season


def small_of(engine, folder, units) -> Small:
    """The small season of so many communes."""
    folder.mkdir(exist_ok=True)
    text = CATALOGUE.read_text().replace("unit_count = 4", "unit_count = 5")
    text = text.replace("phuong = [\n", 'phuong = [\n  { code = "00013", name = "Phường Giảng Võ" },\n')
    (folder / CATALOGUE.name).write_text(text)
    made = make_season(engine, units, catalogue=folder / CATALOGUE.name)
    return Small(engine, made.slug, made.units, made.people)


def played(season):
    """Every state, with something to show in each."""
    units = season.units
    yield CaseState.DRAFT
    season.hand_in(*units)
    season.at(GRADING)
    season.grade_all({(unit, "T.06", "STC"): 3 for unit in units}, units)
    yield CaseState.SELF_SCORED
    for unit in units:
        season.decide(unit, "T.06", 5)
    season.batch("release_round_1", units=units)
    yield CaseState.ROUND1_REVIEWED
    season.batch("request_explanation", units=units)
    for unit in units:
        season.contest(unit, "T.06")
    yield CaseState.EXPLANATION_REQUESTED
    for unit in units:
        season.accept(unit)
    season.batch("finalise", "chair", MEETING, units)
    season.at(SPRING)
    yield CaseState.ROUND2_FINAL
    season.publish()
    yield CaseState.PUBLISHED


def filled(season, path) -> str:
    with reading(season.engine) as session:
        person = session.scalar(select(Person.id).where(Person.email == f"unit.{UNIT}@demo.example"))
        receipt = session.scalar(select(Submission.receipt_code)) or "khong-co"
    return path.format(person=person, receipt=receipt)


def browsers(app, roles):
    found = {}
    for local in roles:
        found[local] = app.test_client()
        if local:
            assert found[local].post(f"/dang-nhap/demo/{local}@demo.example").status_code == 303
    return found


# the proofs


def test_every_address_is_swept_or_says_why_not(demo_app):
    asked = {route.endpoint for route in routes_with_actions(demo_app) if "GET" in route.methods}
    assert asked == set(PLACES) | set(NOT_SWEPT)
    assert not set(PLACES) & set(NOT_SWEPT)


@pytest.mark.long
def test_every_role_gets_the_pages_it_may_see_and_they_are_whole(engine, demo_app, tmp_path):
    season = small_of(engine, tmp_path / "made", COMMUNES[:2])
    clients, actions = browsers(demo_app, ROLES), actions_of(demo_app)
    wrong, shown = [], set()
    for state in played(season):
        with reading(engine) as session:
            actors = {local: actor_for(session, season.people[f"{local}@demo.example"]) if local else None for local in ROLES}
        for endpoint, place in PLACES.items():
            path = filled(season, place.path)
            for local, client in clients.items():
                answer = client.get(path)
                allowed = may_see(actors[local], actions[endpoint], path, state)
                if local and not allowed and answer.status_code == 303:  # leads to where the loader says no
                    answer = client.get(answer.location)
                expected = place.codes if allowed else {404} if local else {303}
                if answer.status_code not in expected:
                    wrong.append((state, endpoint, local, answer.status_code, sorted(expected)))
                if answer.status_code == 200:
                    shown.add(endpoint)
                if answer.status_code in {200, 404} and place.html:
                    wrong += [(state, endpoint, local, trouble) for trouble in troubles_of(answer.text)]
    assert wrong == []
    assert {endpoint for endpoint, place in PLACES.items() if 200 in place.codes} - shown == {"passwords.choose"}


COUNTED = (f"head.{UNIT}", "lead.catp", SECRETARY, "council.1", "chair", "auditor", "admin", "")


OF_THE_VISIT = re.compile(r"BEGIN|UPDATE session\b")
"""Once a minute a session is noted as living: no business of the page's."""


def statements_of(season, app) -> dict[tuple[str, str, str], int]:
    """How many statements each page takes, by state, address and role."""
    clients, found = browsers(app, COUNTED), {}
    for state in played(season):
        for endpoint, place in PLACES.items():
            path = filled(season, place.path)
            for address in (path, *(path + tab for tab in TABS.get(endpoint, ()))):
                for local, client in clients.items():
                    with counted(app) as sent:
                        answer = client.get(address)
                    if answer.status_code == 200:
                        found[state, address.replace(path, endpoint), local] = sum(not OF_THE_VISIT.match(one) for one in sent)
    return found


@pytest.mark.long
@pytest.mark.sqlite
def test_no_page_asks_more_often_for_three_rows_than_for_one(sqlite, make_app, tmp_path):
    counts, empty = [], Path(sqlite.removeprefix("sqlite:///"))
    for units in (COMMUNES[:1], COMMUNES):
        folder = tmp_path / str(len(units))
        folder.mkdir()
        shutil.copy(empty, folder / "x.sqlite")
        url = f"sqlite:///{folder}/x.sqlite"
        engine = make_engine(url)
        counts.append(statements_of(small_of(engine, folder, units), make_app(settings_for(url, folder, DEMO="1"))))
        engine.dispose()
    one, three = counts
    assert one.keys() == three.keys()
    assert {page: (one[page], three[page]) for page in one if one[page] != three[page]} == {}
    assert len(one) > 200
