"""What the matrix over HTTP only asks for, done to the end; and the person who stands on both sides of a case.

`test_permissions_asked.py` undoes what it asks and finds nothing ripe for these; here the right person does it, after everybody
else has tried.
"""

import re

import pytest
from sqlalchemy import select, update

from models.session import reading, transaction
from models.tables import Base, Case, Membership, Organisation
from states.permissions import act_named, may
from tests.season import GRADING, OPENED
from tests.small import SECRETARY, make_small
from tests.web.test_permissions_asked import FORMS, WHO_WAS_HERE
from tests.workflow.test_matrix import NO, NOTHING, OF_ASSIGNMENTS, OF_CASES, READING, YES, answer
from workflow.access import BOTH_SIDES, cases_seen, require_assignment, require_case
from workflow.actor import actor_for
from workflow.deciding import exclude

UNIT, OTHER, CODE = "00004", "00008", "T.02"
CASE = f"/ky/2025/ho-so/{UNIT}"
EVERYBODY = (
    f"unit.{UNIT}", f"head.{UNIT}", f"head.{OTHER}", "grader.skhcn", "lead.skhcn", "grader.catp", "lead.catp", SECRETARY, "council.1",
    "deputy", "chair", "auditor", "admin",
)  # fmt: skip


@pytest.fixture
def season(engine):
    return make_small(engine)


@pytest.fixture
def at_the_door(season, demo_app):
    """Browsers that have just come in."""

    def enter(local):
        client = demo_app.test_client()
        assert client.post(f"/dang-nhap/demo/{local}@demo.example").status_code == 303
        client.get("/viec-cua-toi")
        return client

    return enter


def everything(engine):
    """Every row but of who was here, as whole rows."""
    with reading(engine) as session:
        kept = {}
        for table in Base.metadata.sorted_tables:
            if table.name not in WHO_WAS_HERE:
                columns = [column for column in table.columns if column.name not in WHO_WAS_HERE]
                kept[table.name] = sorted(map(repr, session.execute(select(*columns))))
        return kept


def nobody_else(season, at_the_door, address, fields, doers):
    """All others send the same form: each is told the same as of what is not there, or no, and nothing has changed."""
    others = [local for local in EVERYBODY if local not in doers]
    browsers = {local: at_the_door(local) for local in others}
    before = everything(season.engine)
    said = {local: browser.post(address, fields).status_code for local, browser in browsers.items()}
    assert set(said.values()) <= {404, 409, 422}, said
    after = everything(season.engine)
    assert [name for name in before if before[name] != after[name]] == [], said


def test_a_body_answers_that_something_does_not_apply_and_the_council_settles_it(season, at_the_door):
    season.ask_na(UNIT, CODE)
    for code in ("T.01", "T.03", "T.05", "T.06"):
        season.save(UNIT, code, 3)
    season.submit(UNIT)
    season.at(GRADING)
    agree = {"code": CODE, "answer": "agree"}
    nobody_else(season, at_the_door, f"{CASE}/viec/agree_na", agree, {"grader.catp", "lead.catp"})
    assert at_the_door("grader.catp").post(f"{CASE}/viec/agree_na", agree).status_code == 303
    assert season.graded(UNIT, CODE, "CATP").na_answer == "agreed"

    grant = {"code": CODE, "answer": "grant"}
    nobody_else(season, at_the_door, f"{CASE}/viec/confirm_na", grant, {"council.1", "deputy", "chair"})
    assert at_the_door("council.1").post(f"{CASE}/viec/confirm_na", grant).status_code == 303
    assert season.row(UNIT, CODE).applicability == "not_applicable"


def test_the_own_case_is_not_settled_by_the_deputy_of_that_office(season, at_the_door):
    season.fill("SKHCN")
    season.ask_na("SKHCN", CODE)
    season.submit("SKHCN")
    season.at(GRADING)
    season.answer_na("CATP", "SKHCN", CODE, agree=True)
    deputy, address, grant = at_the_door("deputy"), "/ky/2025/ho-so/SKHCN/viec/confirm_na", {"code": CODE, "answer": "grant"}
    before = everything(season.engine)
    assert deputy.post(address, grant).status_code in {409, 422}
    assert everything(season.engine) == before
    assert at_the_door("chair").post(address, grant).status_code == 303
    assert season.row("SKHCN", CODE).applicability == "not_applicable"


def test_the_chair_takes_a_case_back_into_the_assessment(season, at_the_door):
    season.hand_in(UNIT)
    with season.acting("chair") as (session, actor):
        exclude(session, actor, season.slug, UNIT, "Sáp nhập.")
    fields = {"reason": "Hủy sáp nhập."}
    nobody_else(season, at_the_door, f"{CASE}/viec/readmit", fields, {"chair"})
    assert at_the_door("chair").post(f"{CASE}/viec/readmit", fields).status_code == 303
    assert season.case(UNIT).excluded_at is None


def test_round_1_is_released_by_case_and_by_batch(season, at_the_door):
    season.hand_in(UNIT, OTHER)
    season.at(GRADING)
    season.grade_all(units=(UNIT, OTHER))
    alone, batch = f"{CASE}/chuyen/release_round_1", "/ky/2025/chuyen/release_round_1"
    chosen = {"confirm": "chosen", "unit": [OTHER]}
    nobody_else(season, at_the_door, alone, {}, {SECRETARY})
    nobody_else(season, at_the_door, batch, chosen, {SECRETARY})
    assert at_the_door(SECRETARY).post(alone).status_code == 303
    assert [season.state(unit) for unit in (UNIT, OTHER)] == ["round1_reviewed", "self_scored"]
    assert at_the_door(SECRETARY).post(batch, chosen).status_code == 303
    assert season.state(OTHER) == "round1_reviewed"


# both sides


def law(season, person, membership, action, unit):
    """What the loaders say of one act, without a browser."""
    with transaction(season.engine) as session:
        actor = actor_for(session, person, membership)
        if action in OF_ASSIGNMENTS:
            said = answer(require_assignment, session, actor, action, season.slug, unit, CODE)
        else:
            said = answer(require_case, session, actor, action, season.slug, unit, lock=True)
        session.rollback()
    return said


def asked(season, client, action, unit):
    """What the browser is told, and whether anything was written."""
    before = everything(season.engine)
    kind = "chuyen" if act_named(action) is None else "viec"
    fields = {"code": CODE, "reason": "Xem lại.", **FORMS.get(action, {})}
    if action == "grade":
        fields |= {"points": "1", "version": season.assignment(unit, CODE, "CATP").version}
    found = client.post(f"/ky/2025/ho-so/{unit}/{kind}/{action}", fields)
    return found, everything(season.engine) != before


def acts_of(role):
    """The acts asked about: all that write and that the role has in some state."""
    return [action for action in OF_CASES if action not in READING and may(role, action)]


@pytest.mark.parametrize("role", ["grader", "grader_lead"])
def test_who_works_for_the_unit_and_grades_it_writes_on_one_side_only(season, at_the_door, role):
    local = f"unit.{UNIT}"
    person = season.people[f"{local}@demo.example"]
    season.hand_in(UNIT, OTHER)
    season.at(GRADING)
    grades = season.enlist(local, role, "CATP")
    client = at_the_door(local)
    assert client.post("/vai-tro", {"membership": str(grades)}).status_code == 303
    client.get("/viec-cua-toi")
    taken = set()
    for action in acts_of(role):
        said, (found, wrote) = law(season, person, grades, action, UNIT), asked(season, client, action, UNIT)
        assert said == NOTHING, (action, said)
        assert not wrote, (action, found.status_code)
        assert found.status_code in {404, 409, 422}, (action, found.status_code)
        said, (found, wrote) = law(season, person, grades, action, OTHER), asked(season, client, action, OTHER)
        assert not wrote or said == YES, (action, said, found.status_code)
        taken |= {action} if wrote else set()
    assert {"grade", "question"} <= taken, "of another unit's case the same person may do it"


@pytest.mark.parametrize("role", ["grader", "grader_lead"])
def test_who_wrote_for_the_unit_and_changed_over_is_refused(season, at_the_door, role):
    local = f"unit.{UNIT}"
    person = season.people[f"{local}@demo.example"]
    season.hand_in(UNIT, OTHER)
    season.at(GRADING)
    with transaction(season.engine) as session:
        session.execute(update(Membership).where(Membership.person_id == person).values(valid_to=OPENED.date()))
    grades = season.enlist(local, role, "CATP")
    client, words = at_the_door(local), 0
    for action in acts_of(role):
        said, (found, wrote) = law(season, person, grades, action, UNIT), asked(season, client, action, UNIT)
        assert said == NO, (action, said)
        assert not wrote, (action, found.status_code)
        assert found.status_code in {409, 422}, (action, found.status_code)
        words += BOTH_SIDES in found.text
    assert words, "the reason is said"
    assert law(season, person, grades, "grade", OTHER) == YES
    assert asked(season, client, "grade", OTHER)[1]


@pytest.mark.parametrize("role", ["grader", "auditor", "secretariat", "council_member"])
def test_lists_leave_out_the_case_of_who_also_works_for_the_unit(season, role):
    local = f"unit.{UNIT}"
    season.hand_in(UNIT, OTHER)
    season.at(GRADING)
    held = season.enlist(local, role, "CATP")
    with transaction(season.engine) as session:
        actor = actor_for(session, season.people[f"{local}@demo.example"], held)
        for action in [action for action in OF_CASES if may(role, action)]:
            lock = action not in READING
            said = {unit: answer(require_case, session, actor, action, season.slug, unit, lock=lock) for unit in (UNIT, OTHER)}
            seen = select(Organisation.code).join(Case, Case.unit_id == Organisation.id).where(cases_seen(actor, action))
            listed = set(session.scalars(seen)) & {UNIT, OTHER}
            assert listed == {unit for unit in said if said[unit] == YES} <= {OTHER}, (action, said)
        session.rollback()


LISTS = {
    "grader": ("cham-diem?theo=ho-so", f"cham-diem/{CODE}"), "auditor": ("ho-so", "tien-do"), "secretariat": ("ho-so", "tien-do"),
    "council_member": ("ho-so", "hoi-dong?phan=ho-so", "tien-do"),
}  # fmt: skip


@pytest.mark.parametrize("role", LISTS)
def test_pages_that_list_cases_open_the_others_and_not_that_of_who_also_works_for_the_unit(season, at_the_door, role):
    season.hand_in(UNIT, OTHER)
    season.at(GRADING)
    seat = season.enlist(f"unit.{UNIT}", role, "CATP")
    client = at_the_door(f"unit.{UNIT}")
    assert client.post("/vai-tro", {"membership": str(seat)}).status_code == 303
    for path in LISTS[role]:
        page = client.get(f"/ky/2025/{path}")
        assert page.status_code == 200, path
        links = {unit for unit in (UNIT, OTHER) if re.search(rf'href="[^"]*(ho-so/|don-vi=){unit}\b', page.text)}
        assert links <= {OTHER}, path
        assert path != LISTS[role][0] or links == {OTHER}, path
    own = client.get(f"/ky/2025/ho-so/{UNIT}")
    assert own.status_code in {404, 409}
    assert CODE not in own.text
