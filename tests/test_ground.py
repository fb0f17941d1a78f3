"""The ground the other tests stand on is itself solid."""

import os
import smtplib
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from redis import Redis
from sqlalchemy import text

from commands.services.mail import caught
from models.migrations import newest, present
from models.session import reading, transaction
from models.tables import Organisation, SystemChain
from settings import ROOT

INNER = """
import pytest
@pytest.mark.skip(reason="no reason worth saying")
def test_skipped(): ...
@pytest.mark.xfail(strict=True)
def test_known_to_fail(): assert False
"""


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_finds_a_migrated_empty_database(engine, turn):
    with engine.connect() as connection:
        assert present(connection) == newest()
    with transaction(engine) as session:
        assert session.query(Organisation).count() == 0
        assert session.query(SystemChain).count() == 0
        session.add(SystemChain(id=1, chain_seq=0, chain_head="0" * 64))


def test_both_databases_are_what_they_say(engine, request):
    with reading(engine) as session:
        assert engine.dialect.name == ("sqlite" if "[sqlite]" in request.node.name else "postgresql")
        session.execute(text("SELECT 1"))


def test_redis_and_mail_are_real(redis_url, smtp_server, mail_folder):
    with Redis.from_url(redis_url) as client:
        assert client.keys("*") == []
        client.set("x", "y")
    address = urlsplit(smtp_server)
    with smtplib.SMTP(address.hostname, address.port) as client:
        client.sendmail("a@demo.example", ["b@demo.example"], b"Subject: x\r\n\r\ny")
    assert [message["Subject"] for message in caught(mail_folder)] == ["x"]


def test_the_browser_draws_a_page(browser):
    page = browser.new_page()
    page.set_content("<h1>Kỳ đánh giá</h1>")
    assert page.get_by_role("heading").inner_text() == "Kỳ đánh giá"
    page.close()


@pytest.mark.parametrize(("ci", "said"), [("true", "1 xfailed, 1 error"), ("", "1 skipped, 1 xfailed")])
def test_ci_skips_nothing_that_is_not_waived_by_name(tmp_path, ci, said):
    (tmp_path / "test_inner.py").write_text(INNER)
    pytest_here = [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", "-p", "tests.conftest", "-n0", tmp_path]
    done = subprocess.run(pytest_here, cwd=ROOT, env={**os.environ, "CI": ci}, capture_output=True, text=True, check=False)
    assert said in done.stdout
    assert (done.returncode != 0) == bool(ci)
