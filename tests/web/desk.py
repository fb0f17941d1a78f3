"""A desk to type at: one small form and one small grid, made of the real templates, script and policy, with a server that can be
told to lose the line, the session or the race. What the script promises does not hang on any one page of the product."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread

from flask import Blueprint, Flask, current_app, redirect, render_template, request
from flask_babel import Babel
from flask_wtf import CSRFProtect
from jinja2 import FileSystemLoader
from werkzeug.serving import make_server

from settings import ROOT
from web import charts
from web.security import POLICY

pages = Blueprint("desk", __name__)


@dataclass
class Desk:
    """What the server of the desk holds, and how it behaves. `trouble` is the status of the next answer to a form."""

    url: str = ""
    a: str = "12480"
    note: str = ""
    version: int = 1
    deadline: str = "2025-12-15T17:00:00+00:00"
    now: str = "2025-12-14T09:40:00+00:00"
    signed_in: bool = True
    trouble: int = 0
    binned: bool = False
    papers: list[str] = field(default_factory=list)
    grades: dict[str, str] = field(default_factory=lambda: dict.fromkeys(("00004", "00008", "00025"), ""))


def the_desk() -> Desk:
    return current_app.config["DESK"]


def show(page: str, code: int = 200, **more: object):
    person = {"id": 7, "name": "Trần Minh Hạnh", "email": "hanh@unit.example"}
    frame = {"person": person, "sign_in_url": "/door", "sign_out_url": "/out", "server_now": the_desk().now, "desk": the_desk()}
    return render_template(page, **frame | more), code


@pages.before_request
def guard():
    desk = the_desk()
    if desk.trouble and request.method == "POST":
        code, desk.trouble = desk.trouble, 0
        return "", code
    if not desk.signed_in and request.path != "/door":
        return show("door.html", 401)
    return None


@pages.after_request
def policy(response):
    response.headers["Content-Security-Policy"] = POLICY
    return response


@pages.get("/elsewhere")
def elsewhere():
    return show("item.html")


@pages.route("/door", methods=["GET", "POST"])
def door():
    if request.method == "GET":
        return show("door.html")
    if request.form["password"] != "đúng":
        return show("door.html", 422, errors=[("password", "Mật khẩu không đúng.")])
    the_desk().signed_in = True
    return redirect("/item", 303)


@pages.route("/item", methods=["GET", "POST"])
def item():
    desk, typed = the_desk(), request.form
    if request.method == "GET":
        return show("item.html")
    if typed["version"] != str(desk.version):
        return show("item.html", 409, mine={"a": typed["a"], "note": typed["note"], "version": desk.version})
    if not typed["a"].isdigit():
        return show("item.html", 422, typed=typed["a"], error="Không phải là số.")
    desk.a, desk.note, desk.version = typed["a"], typed["note"], desk.version + 1
    return redirect("/item", 303)


@pages.post("/papers")
def papers():
    for paper in request.files.getlist("files"):
        if paper.filename.endswith(".exe"):
            return show("item.html", 422, error="Không nhận tệp này.")
        the_desk().papers.append(paper.filename)
    return redirect("/item", 303)


@pages.post("/bin")
def throw_away():
    the_desk().binned = True
    return redirect("/item", 303)


@pages.get("/grid")
def grid():
    return show("grid.html")


@pages.post("/grid/<unit>")
def grade(unit: str):
    points = request.form["points"]
    if points == "9":
        return show("grid.html", 422, errors=[("points", "Không được quá 5 điểm.")])
    if points == "4,01":
        return show("grid.html", 409, mine={"unit": unit, "points": points})
    the_desk().grades[unit] = points
    return redirect("/grid", 303)


def make_desk(desk: Desk) -> Flask:
    app = Flask("desk", static_folder=str(ROOT / "web" / "static"))
    app.config.update(SECRET_KEY="desk", DESK=desk, SEND_FILE_MAX_AGE_DEFAULT=3600)
    app.jinja_loader = FileSystemLoader([ROOT / "web" / "templates", ROOT / "tests" / "web" / "desk_pages"])
    charts.install(app.jinja_env)
    app.jinja_env.globals["seat"] = lambda: "7.1"
    Babel(app)
    CSRFProtect(app)
    app.register_blueprint(pages)
    return app


@contextmanager
def running_desk() -> Iterator[Desk]:
    """A desk of its own, served on a free port until the test is over."""
    desk = Desk()
    server = make_server("127.0.0.1", 0, make_desk(desk), threaded=True)
    desk.url = f"http://127.0.0.1:{server.port}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield desk
    server.shutdown()
    thread.join()
