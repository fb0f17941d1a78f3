"""A page writes only in the seat it was made for: no old tab, no kept form and no copy in the browser speaks in another's name."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from models.session import reading, transaction
from models.tables import Membership, Organisation, Person, ScoreEntry

UNIT, JOINT = "00004", "IV.44"
"""IV.44 is graded by two bodies, blind to each other."""
GRID = f"/ky/2025/cham-diem/{JOINT}"
ROW = f"{GRID}/{UNIT}"
FETCH = {"X-Requested-With": "fetch"}
OURS = {"Sec-Fetch-Site": "same-origin"}
SECRET = "Số liệu nội bộ của bên kia."


def seat_of(page: str) -> str:
    return re.search(r'name="seat" value="([^"]+)"', page)[1]


def given(season) -> list[tuple[int | None, str]]:
    """The grades, each with the body it stands for."""
    with reading(season.engine) as session:
        query = select(ScoreEntry.points, Organisation.code).join(Membership, Membership.id == ScoreEntry.membership_id)
        query = query.join(Organisation, Organisation.id == Membership.organisation_id).where(ScoreEntry.stage == "round1")
        return [tuple(row) for row in session.execute(query.order_by(ScoreEntry.id))]


def sit_twice(season, local: str, code: str) -> int:
    """Give a demo person a second membership, as a grader of another body; return its number."""
    with transaction(season.engine) as session:
        person = session.scalars(select(Person.id).where(Person.email == f"{local}@demo.example")).one()
        body = session.scalars(select(Organisation.id).where(Organisation.code == code)).one()
        row = Membership(person_id=person, organisation_id=body, role="grader", valid_from=date(2025, 1, 1))
        session.add(row)
        session.flush()
        return row.id


@pytest.fixture
def grader(graded, as_demo):
    """A grader of Sở KH&CN who also grades for Công an TP, at work for the former, with the grid open: client, page, both memberships."""
    other = sit_twice(graded, "grader.skhcn", "CATP")
    client = as_demo("grader.skhcn")
    held = re.findall(r'name="membership" value="(\d+)"', client.get("/vai-tro").text)
    first = next(int(number) for number in held if int(number) != other)
    client.post("/vai-tro", {"membership": str(first)})
    return client, client.get(GRID).text, first, other


def typed(page: str, **more: str) -> dict[str, str]:
    return {"seat": seat_of(page), "points": "3", "reason": SECRET, "version": "0"} | more


def test_a_row_typed_under_one_role_is_not_saved_under_another(graded, grader):
    client, page, _, other = grader
    client.post("/vai-tro", {"membership": str(other)})
    client.get(GRID)  # the tab beside it; its token is good
    answer = client.post(ROW, typed(page), headers=FETCH)
    assert answer.status_code == 409
    assert "vai khác" in answer.text
    assert given(graded) == []


def test_without_script_it_goes_back_to_the_role_it_was_typed_in_and_is_sent_there(graded, grader):
    client, page, first, other = grader
    client.post("/vai-tro", {"membership": str(other)})
    client.get(GRID)
    between = client.post(ROW, typed(page), headers=OURS)
    assert between.status_code == 409
    assert SECRET in between.text
    assert f'action="{ROW}"' not in between.text
    kept = {"kept_path": ROW, "kept_seat": seat_of(page), "kept.points": "3", "kept.reason": SECRET, "kept.version": "0"}
    back = client.post("/vai-tro", kept | {"membership": str(first)})
    assert f'action="{ROW}"' in back.text
    assert client.post(ROW, typed(back.text)).status_code == 303
    assert given(graded) == [(30_000, "SKHCN")]


def test_what_one_person_typed_is_neither_sent_nor_shown_when_another_signs_in(graded, as_demo):
    mine = as_demo("grader.skhcn").get(GRID).text
    other = as_demo("grader.catp")
    other.get(GRID)
    answer = other.post(ROW, typed(mine), headers=OURS)
    assert answer.status_code == 409
    assert SECRET not in answer.text
    assert "tài khoản khác" in answer.text
    assert given(graded) == []


def test_before_a_role_is_chosen_a_form_is_kept_and_script_is_not_told_that_it_was_saved(graded, grader):
    client, page, _, _ = grader
    with transaction(graded.engine) as session:
        from models.tables import Session as SessionRow

        for row in session.scalars(select(SessionRow)):
            row.membership_id = None
    assert client.post(ROW, typed(page), headers=FETCH).status_code == 409
    asked = client.post(ROW, typed(page), headers=OURS)
    assert asked.status_code == 409
    assert "Chọn vai" in asked.text
    assert f'name="kept_path" value="{ROW}"' in asked.text
    assert given(graded) == []


def test_what_is_the_persons_own_does_not_ask_under_which_role(grader):
    client, page, _, other = grader
    client.post("/vai-tro", {"membership": str(other)})
    assert client.post("/vai-tro", {"seat": seat_of(page), "membership": str(other)}).status_code == 303
    assert client.post("/dang-xuat", {"seat": seat_of(page)}).status_code == 303
