"""What declaring a page gives: one commit or none, the actor, the moment of arrival, the password again, refusals as answers."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Blueprint
from sqlalchemy import func, select, update

from models.session import reading, transaction
from models.tables import Organisation, Session
from states.refusal import NotFound, Problem, Refused, Stale
from tests.web.conftest import PASSWORD
from web.routing import ANYBODY_SIGNED_IN, PUBLIC, page
from workflow.clock import machine_now, set_working_clock
from workflow.proposals import FRESH, require_proof


@pytest.fixture
def pages(app):  # noqa: C901  (a site in one function)
    """A part of the site made for this test; what its views are handed is noted."""
    blueprint = Blueprint("tried", __name__)
    blueprint.noted = []

    def note(session, actor, answer="ok", code=200):
        blueprint.noted.append((session, actor))
        session.add(
            Organisation(
                namespace="tried", code="X", name="X", short_name="X", sort_key="x", kind="so", is_unit=False, is_body=False, aliases=[]
            )
        )
        session.flush()
        return answer, code

    @page(blueprint, "/thu/ghi", action="manage_people", methods=["POST"])
    def writes(session, actor):
        return note(session, actor)

    @page(blueprint, "/thu/ghi-hong", action="manage_people", methods=["POST"])
    def writes_badly(session, actor):
        return note(session, actor, "no", 422)

    @page(blueprint, "/thu/no", action="manage_people", methods=["POST"])
    def breaks(session, actor):
        note(session, actor)
        raise ZeroDivisionError

    @page(blueprint, "/thu/doc", action="manage_people")
    def reads(session, actor):
        return note(session, actor)

    @page(blueprint, "/thu/tu-choi/<what>", action=ANYBODY_SIGNED_IN, methods=["POST"])
    def refuses(session, actor, what):
        note(session, actor)
        raise {
            "field": Refused(Problem("Cần ghi lý do.", "reason")),
            "state": Refused("Hồ sơ đã được loại khỏi kỳ đánh giá."),
            "stale": Stale(None),
            "nothing": NotFound(),
        }[what]

    @page(blueprint, "/thu/viec/<act>", action="<act>", methods=["POST"])
    def acts(session, actor, act):
        return note(session, actor)

    @page(blueprint, "/thu/rang-buoc/<act>", action=ANYBODY_SIGNED_IN, methods=["POST"])
    def binds(session, actor, act):
        require_proof(actor)
        return note(session, actor)

    @page(blueprint, "/thu/mat-khau", action="manage_people", methods=["POST"], proved=True)
    def proves(session, actor):
        return note(session, actor)

    @page(blueprint, "/thu/ai-cung-xem", action=PUBLIC)
    def shows(session, actor):
        return f"{actor.role} {actor.name}"

    app.register_blueprint(blueprint)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return blueprint.noted


def written(engine):
    with reading(engine) as session:
        return session.scalar(select(func.count(Organisation.id)).where(Organisation.namespace == "tried"))


@pytest.fixture
def admin(pages, signed_in):
    return signed_in("quantri@tp.example")


@pytest.mark.parametrize(("path", "code", "kept"), [("/thu/ghi", 200, 1), ("/thu/ghi-hong", 422, 0), ("/thu/no", 500, 0)])
def test_one_commit_after_the_view_or_none(admin, engine, path, code, kept):
    assert admin.post(path).status_code == code
    assert written(engine) == kept


def test_what_a_reading_page_writes_is_thrown_away(admin, engine):
    assert admin.get("/thu/doc").status_code == 200
    assert written(engine) == 0


def test_the_view_is_handed_its_actor_with_the_name_of_the_request(admin, pages, people):
    answer = admin.post("/thu/ghi")
    actor = pages[0][1]
    assert (actor.person_id, actor.role) == (people["quantri@tp.example"], "admin")
    assert actor.request_id == answer.headers["X-Request-Id"]
    assert actor.proved_at is not None


@pytest.mark.parametrize("fixed", [True, False])
def test_the_moment_of_arrival_is_the_working_clocks(admin, pages, engine, fixed):
    at = datetime(2025, 12, 15, 16, 59, 59, tzinfo=UTC)
    with transaction(engine) as session:
        set_working_clock(session, at, fixed=fixed)
    admin.post("/thu/ghi")
    arrived = pages[0][1].arrived_at
    assert arrived == at if fixed else abs(arrived - at) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("what", "code", "said"),
    [
        ("field", 422, "Cần ghi lý do."),
        ("state", 409, "Hồ sơ đã được loại khỏi kỳ đánh giá."),
        ("stale", 409, "Có người vừa sửa trước bạn"),
        ("nothing", 404, "Không có trang này"),
    ],
)
def test_refusals_that_no_view_shows_are_pages_and_write_nothing(admin, engine, what, code, said):
    answer = admin.post(f"/thu/tu-choi/{what}")
    assert answer.status_code == code
    assert said in answer.text
    assert written(engine) == 0


@pytest.mark.parametrize(
    ("act", "code"),
    [("manage_people", 200), ("submit", 404), ("grade", 404), ("nonsense", 404), ("public", 404), ("anybody_signed_in", 404)],
)
def test_an_act_named_by_the_address_asks_the_matrix(admin, act, code):
    assert admin.post(f"/thu/viec/{act}").status_code == code


def test_an_address_names_no_way_around_the_matrix(pages, visitor, people):
    assert {visitor().post(f"/thu/viec/{act}").status_code for act in ("public", "anybody_signed_in")} == {404}


def test_a_binding_act_asks_for_the_password_and_goes_on_with_what_was_typed(admin, engine):
    with transaction(engine) as session:
        session.execute(update(Session).values(proved_at=machine_now() - FRESH))
    for path in ("/thu/mat-khau", "/thu/rang-buoc/x"):  # declared so, and refused so by the workflow
        asked = admin.post(path, {"reason": "Vì sao"}, headers={"Sec-Fetch-Site": "same-origin"})
        assert asked.status_code == 401
        assert "Xác nhận lại mật khẩu" in asked.text
        assert "Vì sao" in asked.text
        assert written(engine) == 0
    again = admin.post("/xac-nhan-lai", {"password": PASSWORD, "kept_path": "/thu/mat-khau", "kept.reason": "Vì sao"})
    assert 'action="/thu/mat-khau"' in again.text
    assert admin.post("/thu/mat-khau", {"reason": "Vì sao"}).status_code == 200


def test_public_pages_know_who_is_there(admin, visitor):
    assert admin.get("/thu/ai-cung-xem").text == "admin Bùi Quản Trị"
    assert visitor().get("/thu/ai-cung-xem").text == "public "


def test_head_is_a_get_and_writes_nothing(admin, engine):
    assert admin.head("/thu/doc").status_code == 200
    assert written(engine) == 0
