"""What holds for every address there is, walked from the map of addresses itself."""

import re

import pytest

from states.permissions import MATRIX
from tests.web.conftest import BASE
from web.routing import ANYBODY_SIGNED_IN, PUBLIC, page, routes_with_actions


def addresses(app, unsafe):
    """Yield (method, path) of every route, the parts of the path filled with something that fits."""
    values = {"int": "1", "default": "x", "path": "x.css"}
    named = {"trigger": "submit", "act": "grade"}
    for rule in app.url_map.iter_rules():
        path = rule.rule
        for name, converter in rule._converters.items():
            kind = {"RowNumber": "int", "PathConverter": "path"}.get(type(converter).__name__, "default")
            for written in (f"<{name}>", f"<{kind}:{name}>"):
                path = path.replace(written, named.get(name, values[kind]))
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            if (method != "GET") == unsafe:
                yield method, path


def test_every_address_declares_an_action_of_the_matrix(demo_app):
    undeclared = [route for route in routes_with_actions(demo_app) if not route.actions]
    assert not undeclared
    known = {*MATRIX, PUBLIC, ANYBODY_SIGNED_IN}
    assert all(action in known or action.startswith("<") for route in routes_with_actions(demo_app) for action in route.actions)


def test_an_address_with_an_unknown_action_cannot_be_declared(app):
    from flask import Blueprint

    with pytest.raises(ValueError, match="no action 'fly'"):
        page(Blueprint("x", __name__), "/x", action="fly")


def test_a_stranger_gets_nothing_but_public_pages(demo_app, people):
    client = demo_app.test_client()
    public = {route.rule for route in routes_with_actions(demo_app) if PUBLIC in route.actions}
    for rule in demo_app.url_map.iter_rules():
        if rule.rule in public or "GET" not in rule.methods:
            continue
        path = next(path for method, path in addresses_of(demo_app, rule))
        assert client.get(path).status_code == 303, path


def addresses_of(app, rule):
    return [one for one in addresses(app, unsafe=False) if app.url_map.bind("x").match(one[1])[0] == rule.endpoint]


def test_no_unsafe_address_takes_a_form_without_its_token(app, signed_in):
    client = signed_in("quantri@tp.example")
    for method, path in addresses(app, unsafe=True):
        answer = client.open(path, method=method, data={"csrf_token": "forged", "email": "a@b.example"})
        assert answer.status_code in {400, 404}, f"{method} {path}: {answer.status_code}"
        answer = client.open(path, method=method, data={"csrf_token": client.token}, headers={"Origin": "https://evil.example"})
        assert answer.status_code in {400, 404}, f"{method} {path}: {answer.status_code}"


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": BASE}, True),
        ({"Origin": "null"}, False),
        ({"Origin": BASE + ".evil.example"}, False),
        ({"Origin": BASE.replace("http", "https")}, False),
        ({}, True),  # a browser that says nothing still needs the token
    ],
)
def test_forms_come_from_pages_of_ours(app, visitor, headers, passes):
    answer = visitor().post("/ngon-ngu", {"language": "en"}, headers=headers)
    assert answer.status_code == (303 if passes else 400)


def test_every_answer_carries_its_headers(app, signed_in):
    client = signed_in("quantri@tp.example")
    for _, path in addresses(app, unsafe=False):
        answer = client.get(path)
        if path.startswith("/static/"):
            continue
        assert answer.headers["Content-Security-Policy"].count("'none'") == 3
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "Cookie" in answer.headers.get("Vary", "") or path in {"/healthz", "/readyz"}
        if answer.status_code == 200 and path not in {"/healthz", "/readyz"}:
            assert answer.headers["Cache-Control"] == "no-store", path


def test_get_never_writes(demo_app, people, engine):
    from models.session import reading
    from models.tables import Base

    logged = {"session", "access_log", "last_seen"}  # who was here and looked; nothing else
    tables = [table for table in Base.metadata.sorted_tables if table.name not in logged]

    def everything():
        with reading(engine) as session:
            return {table.name: sorted(map(repr, session.execute(table.select()))) for table in tables}

    client = demo_app.test_client()
    client.sign_in("quantri@tp.example")
    before = everything()
    for _, path in addresses(demo_app, unsafe=False):
        client.get(path)
    assert everything() == before


def test_an_address_with_a_sign_that_nobody_sees_is_no_page(demo_app, people):
    client = demo_app.test_client()
    client.sign_in("quantri@tp.example")
    for method, path in {(method, rule.rule) for rule in demo_app.url_map.iter_rules() for method in rule.methods & {"GET", "POST"}}:
        odd = re.sub(r"<[^>]*>", "%00", path)
        if odd != path:
            assert client.open(odd, method=method, data={"csrf_token": client.token}).status_code == 404, (method, path)
    assert client.get("/quan-tri/nguoi-dung?q=%00a%1b").status_code == 200


@pytest.mark.parametrize("number", ["2147483648", "9" * 25])
def test_a_number_that_no_row_has_is_no_page(demo_app, people, number):
    """Everywhere an address holds the number of a row, for whoever may look there."""
    client = demo_app.test_client()
    client.sign_in("quantri@tp.example")
    rules = [rule for rule in demo_app.url_map.iter_rules() if "<int:" in rule.rule]
    assert rules
    for rule in rules:
        path = re.sub(r"<int:\w+>", number, rule.rule)
        path = re.sub(r"<[^>]*>", "2025", path)
        for method in rule.methods & {"GET", "POST"}:
            assert client.open(path, method=method, data={"csrf_token": client.token}).status_code < 500, (method, path)


def test_a_role_that_the_matrix_does_not_know_gets_404(signed_in):
    for email in ("an@unit.example", "chutich@tp.example", "thuky@skhcn.example"):
        client = signed_in(email)
        assert client.get("/quan-tri/co-quan").status_code == 404
        assert client.get("/quan-tri/nguoi-dung/bang").status_code == 404
        assert client.post("/quan-tri/nguoi-dung/them", {"name": "X"}).status_code == 404
