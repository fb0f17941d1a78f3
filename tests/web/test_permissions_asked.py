"""Every move and act, by every role, in every relation to the case, in every state, asked as a browser asks: by the form's address.

What must come of each is what `tests/workflow/test_matrix.py` says of it. Whatever would be written is written, up to the commit, and
then undone, so that all questions are asked of the same season; what is refused leaves no trace.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import event, select

from models.session import reading, transaction
from models.tables import Assignment, Base, Indicator, Item, Membership
from states.case import CaseState
from states.moves import MOVES
from states.permissions import ACTIONS, WITHOUT_CASE, act_named, may
from states.roles import Role
from tests.season import GRADING, LATE, OPENED
from tests.small import BODIES, MAXIMUM, REASON, SPRING, Small, make_small
from tests.workflow.test_matrix import (
    COMMUNE,
    NAMED,
    NO,
    NOTHING,
    OF_ASSIGNMENTS,
    OF_CASES,
    PEOPLE,
    PLAYED,
    READING,
    YES,
    expected_on_assignment,
    expected_on_case,
    states_of,
)  # fmt: skip
from web.cases.moves import TOGETHER
from workflow.access import BOTH_SIDES, CONFLICT, WRONG_STATE
from workflow.actor import Actor, actor_for
from workflow.asking import question
from workflow.clock import read_working_clock
from workflow.evidence import Handed, Particulars, attach_files
from workflow.evidence_store import EvidenceStore

CODE = "T.02"
CODES = ("T.01", "T.05")
"""One indicator of the office itself, one that it shares with another body."""
LINK = "https://example.org/bao-cao"
PDF = b"%PDF-1.4\n" + b"1 0 obj << >> endobj\n" * 20 + b"%%EOF\n"
GET_THERE = "/ky/2025/ho-so"
OF_THE_WHOLE = {move.trigger for move in MOVES if move.proved}
"""Moves that one asks for on the page of publishing: from a case they are refused."""
ON_ANOTHER_DAY = (
    (CaseState.DRAFT, GRADING, {"close_unsubmitted"}), (CaseState.SELF_SCORED, OPENED, {"recall"}),
    (CaseState.SELF_SCORED, LATE, {"decide"}), (CaseState.EXPLANATION_REQUESTED, SPRING, {"finalise"}),
)  # fmt: skip
"""What can be done only before or after a date is asked once more on such a day."""
SIGNING = {"sign_off", "withdraw_sign_off"}
"""They work on all cells of an indicator that wait: where none does, they say so, whatever the reason."""
FORMS = {
    "explain": {"stance": "contest", "version": "1", "text": "Xem lại trang 3."},
    "assign_responsible": {},
    "question": {"text": REASON}, "question_by_council": {"text": REASON},
    "agree_na": {"answer": "decline", "reason": REASON}, "confirm_na": {"answer": "refuse", "reason": REASON},
    "decide": {"points": "3", "reason": REASON, "seen": "0"},
    "extend": {"until": "2026-05-20", "reason": REASON},
    "attach_evidence": {"link": LINK + "/khac"},
    "submit": {"declared": ["truthful", "no_secrets"]},
    "send_back": {"reason": REASON, "until": "2026-05-20"},
    "finalise": {"minutes_number": "01/BB-HĐTĐ", "minutes_on": "2025-12-10"},
    "reopen": {"reason": REASON, "items": [CODE], "until": "2026-05-20"},
}  # fmt: skip
"""What is typed, where a reason is not enough; versions and addresses are filled in as the page would."""
ALONE = {
    "prepare_assessment": "/ky/chuan-bi/moi", "manage_people": "/quan-tri/nguoi-dung/them",
    "manage_organisations": "/quan-tri/co-quan/STC", "import_catalogue": "/quan-tri/bo-chi-so",
    "help_sign_in": "/quan-tri/nguoi-dung/{person}/moi-lai",
} | {
    action: f"/ky/2025/viec/{action}" for action in ("open_assessment", "amend", "remind_now", "confirm_proposal", "name_contact")
}  # fmt: skip
"""Where the acts that are on no case are asked for."""


REASONS = [CONFLICT, BOTH_SIDES, TOGETHER, *(WRONG_STATE % {"state": state.label} for state in CaseState)]
"""How the law says no, in the words of the pages."""
DONE, BUT = "done", "allowed, but not so"
COMES_OF = {YES: {DONE, BUT}, NO: {NO}, NOTHING: {NOTHING}}
"""What may come of a form, by the word of the matrix: what the law lets one do may still lack something."""
WHO_WAS_HERE = {"session", "access_log", "last_seen"}
WRITES = re.compile(rf"\s*(INSERT INTO|UPDATE|DELETE FROM) (?!({'|'.join(WHO_WAS_HERE)})\b)", re.IGNORECASE)
NEVER_DONE = OF_THE_WHOLE | {"agree_na", "confirm_na", "readmit", "release_round_1"}
"""Allowed, but nothing here is ripe for them; `test_taken_to_the_end.py` does them."""


@dataclass
class Door:
    """The season, a browser for each person, and what came of asking."""

    season: Small
    app: object
    folder: Path
    browsers: dict[str, object] = field(default_factory=dict)
    written: bool = False
    undoing: bool = False
    pending: int = 0
    wrong: list[tuple[object, ...]] = field(default_factory=list)
    asked: Counter = field(default_factory=Counter)
    done: set[str] = field(default_factory=set)
    addresses: dict[str, str] = field(default_factory=dict)

    def browser(self, local):
        if local not in self.browsers:
            self.browsers[local] = self.app.test_client()
            email = "council.3" if local == "grader.elsewhere" else local
            answer = self.browsers[local].post(f"/dang-nhap/demo/{email}@demo.example")
            assert answer.status_code == 303, answer.text
            self.browsers[local].get("/viec-cua-toi")
        return self.browsers[local]

    def ask(self, local, address, typed, headers=None) -> str:
        """Send a form and say what came of it: "refused" where the law's reason stands on the answer."""
        browser = self.browser(local)
        grid = local.startswith(("grader", "lead"))  # shows the own organisation's rows with their conflict, whatever was asked
        reasons = REASONS[1:] if grid else REASONS
        self.written, self.undoing = False, True
        answer = browser.post(address, typed, headers=headers)
        self.undoing = False
        if answer.status_code == 404:
            return "written, and said not to be there" if self.written else NOTHING
        if self.written:
            return DONE
        if answer.status_code == 303:
            return NO  # sent elsewhere, and nothing done: the second click on "submit" ends at the receipt of the first
        if answer.status_code not in {200, 401, 409, 422}:
            return f"trouble {answer.status_code}"
        return NO if any(text in unescape(answer.text) for text in reasons) else BUT

    def clock(self):
        with reading(self.season.engine) as session:
            return read_working_clock(session)

    def note(self, _, __, statement, *___):
        if WRITES.match(statement):
            self.pending += 1

    def undo(self, connection):
        """Take back what is about to be committed, and remember that it would have been."""
        if self.undoing:
            self.written |= self.pending > 0
            connection.connection.dbapi_connection.rollback()
        self.pending = 0

    def forget(self, _):
        self.pending = 0

    def check(self, state, local, action, on, expected, found):
        self.asked[found] += 1
        if found == DONE:
            self.done.add(action)
        if found not in expected:
            self.wrong.append((state, local, action, on, sorted(expected), found))


@pytest.fixture
def door(engine, demo_app) -> Door:
    season = make_small(engine)
    with transaction(engine) as session:
        person = season.people["council.3@demo.example"]
        session.scalars(select(Membership).where(Membership.person_id == person)).one().role = "grader"
    season.people["grader.elsewhere@demo.example"] = season.people["council.3@demo.example"]
    door = Door(season, demo_app, demo_app.config["SETTINGS"].evidence_dir)

    hooks = {"before_cursor_execute": door.note, "commit": door.undo, "rollback": door.forget}
    for name, hook in hooks.items():
        event.listen(demo_app.extensions["engine"], name, hook)
    return door


def everything(engine):
    """Every row but of who was here."""
    with reading(engine) as session:
        tables = [table for table in Base.metadata.sorted_tables if table.name not in WHO_WAS_HERE]
        return {table.name: sorted(map(repr, session.execute(table.select()))) for table in tables}


@contextmanager
def leaving_no_trace(door):
    before = everything(door.season.engine)
    yield
    after = everything(door.season.engine)
    traces = {table: sorted(set(before[table]) ^ set(after[table]))[:3] for table in before if before[table] != after[table]}
    assert not traces, "\n".join([f"left a trace in {table}: {rows}" for table, rows in traces.items()] + said_of(door.wrong))


def played(door) -> Iterator[CaseState]:
    """Every state, with something to do in it: documents, grades that wait for a signature, a question and its answer."""
    season = door.season
    for unit in PLAYED:
        season.fill(unit)
        prove(door, unit)
    for state in states_of(season):
        if state is CaseState.SELF_SCORED:
            for body, codes in {"CATP": ("T.02", "T.05"), "SKHCN": ("T.01", "T.05")}.items():
                for unit in PLAYED if body == "CATP" else (COMMUNE,):
                    for code in codes:
                        season.give(f"grader.{body.lower()}", unit, code, MAXIMUM[code] * 4 // 5)
            season.sign("CATP", ("T.05",))
            for unit in PLAYED:
                with season.acting("grader.catp") as (session, actor):
                    question(session, actor, "2025", unit, CODE, "Số liệu nào?")
        if state is CaseState.ROUND1_REVIEWED:
            for unit in PLAYED:
                prove(door, unit)
                season.contest(unit, CODE)
        yield state


def prove(door, unit):
    """Attach one file to the item that everybody asks about."""
    store = EvidenceStore(door.folder)
    with door.season.acting(f"unit.{unit.lower()}") as (session, actor):
        files = [Handed(f"{unit}.pdf", PDF + unit.encode())]
        door.addresses[unit] = attach_files(session, actor, "2025", unit, CODE, files, Particulars(subject="Báo cáo"), store)[0]


def actors(door) -> dict[str, Actor]:
    with reading(door.season.engine) as session:
        return {local: actor_for(session, door.season.people[f"{local}@demo.example"]) for local in PEOPLE}


def address_of(action, unit):
    kind = "chuyen" if act_named(action) is None else "viec"
    return f"{GET_THERE}/{unit}/{kind}/{action}"


def version_of(season, actor, unit, code):
    """The version that the actor's own page carries."""
    body = "" if actor.role in {Role.COUNCIL_MEMBER, Role.CHAIR, Role.DEPUTY} else actor.organisation_code
    with reading(season.engine) as session:
        query = select(Assignment.version, Assignment.body_id).join(Item, Item.id == Assignment.item_id)
        query = query.join(Indicator, Indicator.id == Item.indicator_id)
        rows = session.execute(query.where(Item.case_id == season.case(unit).id, Indicator.code == code)).all()
    own = [version for version, held in rows if held == (actor.organisation_id if body else None)]
    return own[0] if own else 0


def typed(door, action, actor, unit, code):
    """What the page would send."""
    fields = {"code": code, "reason": REASON, **FORMS.get(action, {})}
    if action in {"self_score", "request_na"}:
        fields |= {"version": door.season.row(unit, code).version, "points": "2", "text": REASON, "na_reason": REASON}
    if action in {"grade", "grade_for_council", "sign_off"}:
        fields |= {"version": version_of(door.season, actor, unit, code), "points": "1"}
    if action in {"detach_evidence", "remove_evidence"}:
        fields |= {"address": door.addresses[unit]}
    if action == "name_council_grader":
        fields |= {"person": door.season.people[f"{NAMED}@demo.example"]}
    return fields


def plainly(actor, action):
    """Where the role alone is the answer, no page is asked for: it comes in fewer words, and sooner."""
    return None if may(actor.role, action) else {"Accept": "application/json"}


def allowed_people(action, people):
    """Everybody whose role may do it in some state, and one of every role that may not: what relation they stand in is not asked."""
    seen = set()
    for local, actor in people.items():
        if may(actor.role, action) or actor.role not in seen:
            seen.add(actor.role)
            yield local, actor


def ask_on_cases(door, state, people, among=OF_CASES):
    for action in among:
        if action in READING or action in OF_ASSIGNMENTS:
            continue
        for local, actor in allowed_people(action, people):
            for unit in PLAYED if may(actor.role, action) else (COMMUNE,):
                expected = COMES_OF[expected_on_case(actor, action, state, unit)]
                if action in OF_THE_WHOLE and may(actor.role, action):
                    expected = {NO}
                found = door.ask(local, address_of(action, unit), typed(door, action, actor, unit, CODE), plainly(actor, action))
                door.check(state, local, action, unit, expected, found)


def ask_on_assignments(door, state, people):
    for action in OF_ASSIGNMENTS:
        if action in READING:
            continue
        for local, actor in allowed_people(action, people):
            own = may(actor.role, action)
            for unit, code in [(unit, code) for unit in PLAYED for code in CODES] if own else [(COMMUNE, CODE)]:
                if action == "name_council_grader" and own:
                    expected = expected_on_case(actor, action, state, unit)
                    expected = NOTHING if expected == YES and unit == COMMUNE else expected  # nothing of it went to the council
                else:
                    expected = expected_on_assignment(actor, action, state, unit, code, named=local == NAMED)
                found = door.ask(local, address_of(action, unit), typed(door, action, actor, unit, code), plainly(actor, action))
                door.check(state, local, action, f"{unit} {code}", of_signing(actor, action, expected, code), found)


def of_signing(actor, action, expected, code):
    """Signing an own indicator says that nothing waits (and writes nothing) where another act's cell would be refused, or not be there."""
    if action in SIGNING and code in BODIES.get(actor.organisation_code, ()) and expected != YES:
        return {NO, NOTHING, BUT}
    return COMES_OF[expected]


def ask_alone(door, state, people):
    """What is on no case asks for the role alone, batches too; which cases a batch takes is asked elsewhere."""
    batches = {f"/ky/2025/chuyen/{move.trigger}": move.trigger for move in MOVES if move.batch}
    alone = {ALONE[action]: action for action in WITHOUT_CASE if action not in READING}
    for address, action in (batches | alone).items():
        for local, actor in people.items():
            if may(actor.role, action) or local not in {"grader.skhcn", "unit.skhcn", "head.skhcn", "lead.skhcn", "council.2"}:
                fields = {"confirm": "all", "code": "T.05", "proposal": "0", "answer": "refuse", "reason": "remind_submit"}
                where = address.format(person=door.season.people["unit.00004@demo.example"])
                found = door.ask(local, where, fields, plainly(actor, action))
                missing = action == "confirm_proposal" or local == "grader.elsewhere"  # no such proposal, no such indicator
                expected = {NOTHING} if missing or not may(actor.role, action) else {DONE, BUT, NO}
                door.check(state, local, action, address, expected, found)


def said_of(wrong):
    """What came out otherwise, one line for each person and form, whatever it was: a failure must be readable, not another failure."""
    found = {}
    for state, local, action, on, expected, came in wrong:
        found.setdefault(f"{local}: {action} on {on}: expected {' or '.join(expected)}, got {came}", []).append(str(state))
    lines = [f"{line} ({', '.join(states)})" for line, states in sorted(found.items())]
    return [f"{len(lines)} answers are not what the matrix says", *lines[:40]] if lines else []


@pytest.mark.long
def test_every_form_of_every_role_in_every_relation_and_state(door):
    people, states = actors(door), []
    for state in played(door):
        states.append(state)
        with leaving_no_trace(door):
            ask_on_cases(door, state, people)
            ask_on_assignments(door, state, people)
            if state is CaseState.SELF_SCORED:
                ask_alone(door, state, people)
        for moment, actions in [day for when, *day in ON_ANOTHER_DAY if when is state]:
            before = door.clock()
            door.season.at(moment)
            with leaving_no_trace(door):
                ask_on_cases(door, state, people, actions)
            door.season.at(before)
    wrong = said_of(door.wrong)
    assert not wrong, "\n".join(wrong)
    assert set(states) == set(CaseState)
    assert set(OF_CASES) - READING - door.done == NEVER_DONE, "asked, but never with a form that would have been taken"
    assert {outcome: count > 100 for outcome, count in door.asked.items()} == dict.fromkeys((DONE, BUT, NO, NOTHING), True), door.asked


def test_every_action_has_an_address(demo_app):
    assert {action for action in WITHOUT_CASE if action not in READING} == set(ALONE)
    rules = {rule.rule for rule in demo_app.url_map.iter_rules() if "POST" in rule.methods}
    assert {"/ky/<assessment>/ho-so/<unit>/chuyen/<trigger>", "/ky/<assessment>/ho-so/<unit>/viec/<act>"} <= rules
    assert set(FORMS) <= set(ACTIONS)
