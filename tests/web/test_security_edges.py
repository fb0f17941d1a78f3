"""The edges: hosts, proxies, ways back, limits, troubles, static files."""

import errno
import sqlite3

import psycopg
import pytest
from flask import url_for
from sqlalchemy.exc import DataError, OperationalError

from models.session import make_engine, transaction
from tests.web.conftest import BASE, settings_for
from web.errors import BAD, BROKEN, BUSY, FULL, NOT_MIGRATED, UNREACHABLE, trouble_of
from web.limits import limiter
from web.security import HOME, safe_next
from web.statics import version_of

EVIL = (
    "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
    "/%0d%0aSet-Cookie:x",
    "http:evil.example", "javascript:alert(1)", "data:text/html,x", " /vai-tro", "/vai-tro\r\nX: y", "/vai-tro\x00", "vai-tro", "", None,
    "/nowhere", "/dang-xuat", "/%2f%2fevil.example", "/vai-tro/../../evil", "//evil.example@thamdinh.test/vai-tro", "/\u2028/evil.example",
    "https:///evil.example", "/.evil.example", "@evil.example", "?next=//evil.example", "#//evil.example", "/vai-tro\\..\\x", "/ vai-tro",
)  # fmt: skip


@pytest.mark.parametrize("wanted", EVIL)
def test_a_way_back_is_a_page_of_ours(app, wanted):
    with app.test_request_context("/", base_url=BASE):
        assert safe_next(wanted) == HOME


@pytest.mark.parametrize(
    "wanted", ["/vai-tro", "/quan-tri/nguoi-dung?q=a%20b&vai=admin", "/dang-nhap?next=//evil.example", "/vai-tro#cuoi"]
)
def test_pages_of_ours_are_kept(app, wanted):
    with app.test_request_context("/", base_url=BASE):
        assert safe_next(wanted) == wanted


@pytest.mark.parametrize("wanted", [way for way in EVIL if way and way.isprintable()])
def test_signing_in_leads_nowhere_else(visitor, people, wanted):
    answer = visitor().sign_in("an@unit.example", next=wanted)
    assert answer.location == HOME


@pytest.mark.parametrize("host", ["evil.example", "thamdinh.test.evil.example", "thamdinh.test@evil.example", ""])
def test_a_foreign_host_gets_nothing(app, host):
    answer = app.test_client().get("/dang-nhap", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text


def test_a_reset_mail_never_names_the_host_of_the_request(visitor, people, engine):
    from models.tables import Notification

    visitor().post("/dat-lai-mat-khau", {"email": "an@unit.example"}, headers={"X-Forwarded-Host": "evil.example"})
    with transaction(engine) as session:
        assert session.query(Notification).filter_by(kind="password_reset").one().params["path"].startswith("/dat-lai-mat-khau/")


@pytest.mark.parametrize(
    ("peer", "forwarded", "seen"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # a stranger's word is noise
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),  # what the client wrote itself lies further left
        ("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "", "10.0.0.1"),
    ],
)
def test_addresses_are_believed_for_exactly_our_own_hops(make_app, database, tmp_path, peer, forwarded, seen):
    app = make_app(settings_for(database, tmp_path, TRUSTED_PROXIES="10.0.0.1,10.0.0.2"))
    addresses = []
    app.before_request(lambda: addresses.append(__import__("flask").request.remote_addr))
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    app.test_client().get("/healthz", headers=headers, environ_overrides={"REMOTE_ADDR": peer})
    assert addresses == [seen]


# how often one may try


def wrong(client, email="an@unit.example", address="198.51.100.1"):
    return client.post(
        "/dang-nhap", {"email": email, "password": "không phải"}, environ_overrides={"REMOTE_ADDR": address}
    ).status_code  # fmt: skip


def test_an_account_is_tried_ten_times_in_a_quarter_of_an_hour(visitor, people):
    client = visitor()
    assert [wrong(client) for _ in range(11)] == [422] * 10 + [429]
    assert wrong(client, "nobody@unit.example") == 422  # another account is another count, whether it exists or not
    assert [wrong(client, "nobody@unit.example") for _ in range(10)][-1] == 429


def test_nobody_can_lock_a_rival_out(visitor, people, signed_in):
    known = signed_in("an@unit.example")
    known.post("/dang-xuat")
    attackers = [visitor() for _ in range(20)]
    for number, client in enumerate(attackers):
        wrong(client, address=f"203.0.{number}.7")
    assert visitor().sign_in("an@unit.example").status_code == 429
    assert known.sign_in("an@unit.example").status_code == 303


def test_right_passwords_are_never_counted(visitor, people):
    assert {visitor().sign_in("an@unit.example").status_code for _ in range(15)} == {303}


def test_reset_mails_are_limited_for_known_and_unknown_alike(visitor, people):
    for email in ("an@unit.example", "nobody@unit.example"):
        codes = [visitor().post("/dat-lai-mat-khau", {"email": email}).status_code for _ in range(6)]
        assert codes == [200] * 5 + [429]


def test_limits_are_counted_in_redis_when_it_is_there(make_app, database, tmp_path, redis_url, people, monkeypatch):
    monkeypatch.setattr(limiter, "_storage_dead", False)  # a process has one application; here another one's Redis was away
    apps = [make_app(settings_for(database, tmp_path, REDIS_URL=redis_url)) for _ in range(2)]
    assert [wrong(apps[0].test_client()) for _ in range(10)] == [422] * 10
    assert wrong(apps[1].test_client()) == 429


# troubles


def test_ready_only_when_the_database_stands_at_this_version(make_app, tmp_path):
    app = make_app(settings_for(f"sqlite:///{tmp_path}/empty.sqlite", tmp_path))
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert "thamdinh db upgrade" in answer.text
    assert app.test_client().get("/healthz").status_code == 200
    page = app.test_client().get("/dang-nhap")
    assert page.status_code == 503
    assert "thamdinh db upgrade" in page.text


def test_ready(app):
    assert app.test_client().get("/readyz").json["status"] == "ready"


def test_an_unreachable_database_is_said_so(make_app, tmp_path):
    app = make_app(settings_for("postgresql://root@127.0.0.1:1/nowhere", tmp_path))
    for path in ("/readyz", "/dang-nhap", "/quan-tri/nguoi-dung"):
        answer = app.test_client().get(path)
        assert answer.status_code == 503
        assert "Không nối được cơ sở dữ liệu" in answer.text


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), FULL),
        (OSError(errno.EACCES, "Permission denied"), BROKEN),
        (OperationalError("", {}, sqlite3.OperationalError("database or disk is full")), FULL),
        (OperationalError("", {}, sqlite3.OperationalError("database is locked")), BUSY),
        (OperationalError("", {}, psycopg.errors.DeadlockDetected()), BUSY),
        (OperationalError("", {}, psycopg.errors.SerializationFailure()), BUSY),
        (OperationalError("", {}, sqlite3.OperationalError("no such table: person")), NOT_MIGRATED),
        (OperationalError("", {}, sqlite3.OperationalError("unable to open database file")), UNREACHABLE),
        (OverflowError("Python int too large to convert to SQLite INTEGER"), BAD),
        (DataError("", {}, psycopg.errors.NumericValueOutOfRange()), BAD),
        (ValueError("x"), BROKEN),
    ],
)
def test_troubles_are_told_apart(error, trouble):
    assert trouble_of(error) is trouble


def test_a_full_disk_answers_507_and_writes_nothing(app, signed_in, engine, database):
    if not database.startswith("sqlite"):
        return  # PostgreSQL says so with a code of its own: next test
    client = signed_in("quantri@tp.example")
    full = make_engine(database)
    with full.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    full.dispose()
    from sqlalchemy import event

    event.listen(app.extensions["engine"], "begin", lambda connection: connection.exec_driver_sql(f"PRAGMA max_page_count={pages}"))
    rows = "\n".join(f"Người {number:04d} {'x' * 300}\tp{number}@unit.example\tunit_staff\t00004" for number in range(300))
    answer = client.post("/quan-tri/nguoi-dung/bang", {"table": rows, "apply": "1"})
    assert answer.status_code == 507
    assert "Máy chủ hết chỗ lưu" in answer.text
    with transaction(engine) as session:
        from models.tables import Person

        assert session.query(Person).filter(Person.email.endswith("@unit.example")).count() == 2


def test_what_nobody_foresaw_is_a_page_with_a_code_and_no_word_of_the_inside(app, people, caplog):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/boom", "boom", lambda: 1 / 0)
    answer = app.test_client().get("/boom")
    assert answer.status_code == 500
    assert "division" not in answer.text
    code = answer.headers["X-Request-Id"]
    assert code in answer.text
    assert code in caplog.text


def test_the_log_stays_one_line_whatever_is_asked_for(app, people, caplog):
    app.test_client().get("/x%0a%7b%22what%22%3a%22forged%22%7d")
    lines = [record.getMessage() for record in caplog.records if record.name == "thamdinh.web"]
    assert len(lines) == 1
    assert "\n" not in lines[0]


def test_unknown_pages_and_methods_answer_as_pages(app, people):
    assert "Không có trang này" in app.test_client().get("/khong-co").text
    answer = app.test_client().open("/dang-xuat", method="GET")
    assert (answer.status_code, sorted(answer.headers["Allow"].split(", "))) == (405, ["OPTIONS", "POST"])


def test_errors_for_programs_come_as_json(app, people):
    answer = app.test_client().get("/khong-co", headers={"Accept": "application/json"})
    assert answer.json["code"] == 404
    assert answer.json["incident"] == answer.headers["X-Request-Id"]


def test_too_much_is_refused_before_it_is_read(app, people):
    answer = app.test_client().open("/dang-nhap", method="POST", environ_overrides={"CONTENT_LENGTH": str(61 * 1024 * 1024)})
    assert answer.status_code == 413


# static files


def fetched(app, path):
    answer = app.test_client().get(path)
    answer.close()
    return answer


def test_static_files_are_kept_for_ever_under_an_address_that_changes_with_them(app):
    with app.test_request_context("/", base_url=BASE):
        address = url_for("static", filename="css/base.css")
    answer = fetched(app, address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    version = address.split("/")[2]
    for beside in ("/static/css/base.css", address.replace(version, "v-" + "0" * 12)):
        assert fetched(app, beside).headers["Cache-Control"] == "no-cache"
    assert fetched(app, address.replace("base.css", "nothing.css")).headers["Cache-Control"] == "no-store"


def test_the_version_changes_with_any_file(tmp_path):
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "a.js").write_text("1")
    first = version_of(tmp_path)
    (tmp_path / "js" / "a.js").write_text("2")
    second = version_of(tmp_path)
    (tmp_path / "js" / "a.js").rename(tmp_path / "js" / "b.js")
    assert len({first, second, version_of(tmp_path)}) == 3


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/css/", "/static/nothing.css", "/static/..%5capp.py"]
)
def test_nothing_beside_the_static_files_is_served(app, people, path):
    assert fetched(app, path).status_code == 404
