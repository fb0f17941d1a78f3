"""What tests stand on: both real databases, Redis, a mail server, a browser; and the rule that CI skips nothing unsaid."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from playwright.sync_api import Browser
from redis import Redis
from sqlalchemy import Engine

from commands.memory import collect_seldom
from commands.services.browser import NoBrowserError, launched
from commands.services.mail import mail_catcher
from commands.services.postgres import postgres_server
from commands.services.processes import Processes
from commands.services.redis import start_redis
from models.migrations import upgrade
from models.session import make_engine
from settings import Settings
from tests.waivers import WAIVED

DATABASES = [pytest.param("sqlite", marks=pytest.mark.sqlite), pytest.param("postgres", marks=pytest.mark.postgres)]


collect_seldom()  # as the services do


# what is skipped, and where


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail") and report.nodeid not in WAIVED:
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI allows only to those named in tests/waivers.py: {report.longrepr[-1]}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in item.fixturenames:
            item.add_marker(pytest.mark.browser)
        if "demo_data" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group("demo"))  # the demo is loaded once
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


# the databases


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[str]:
    """A PostgreSQL server where we are superuser; for tests that make databases of their own."""
    with postgres_server(Settings.read().test_postgres_url) as url:
        yield url


@pytest.fixture(scope="session")
def _postgres_of_worker(postgres_cluster) -> Iterator[str]:
    """One migrated database for all tests of this process."""
    name = f"thamdinh_test_{os.getpid()}"
    url = urlsplit(postgres_cluster)._replace(path=f"/{name}").geturl()
    with psycopg.connect(postgres_cluster, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        upgrade(url)
        yield url
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def _sqlite_of_worker(tmp_path_factory) -> Path:
    """One migrated file, copied for each test."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.sqlite"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite(_sqlite_of_worker, tmp_path) -> str:
    """The address of a migrated, empty SQLite file."""
    path = tmp_path / "thamdinh.sqlite"
    shutil.copy(_sqlite_of_worker, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres(_postgres_of_worker) -> str:
    """The address of a migrated, empty PostgreSQL database."""
    with psycopg.connect(_postgres_of_worker) as connection:
        _empty(connection)
    return _postgres_of_worker


@pytest.fixture(params=DATABASES)
def database(request) -> str:
    """The address of a migrated, empty database: a test that asks for it runs once on SQLite and once on PostgreSQL."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def engine(database) -> Iterator[Engine]:
    """An engine on `database`, as the product makes it."""
    engine = make_engine(database)
    yield engine
    engine.dispose()


def _empty(connection: psycopg.Connection) -> None:
    """Delete every row within milliseconds: only from tables that have any, with triggers and foreign keys looking away."""
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    names = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
    tables = [name for (name,) in connection.execute(names)]
    filled = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables)
    connection.execute("SET LOCAL session_replication_role = replica")
    for (table,) in connection.execute(filled).fetchall():
        connection.execute(f"DELETE FROM {table}")


# the other services


@pytest.fixture(scope="session")
def _redis_of_worker() -> Iterator[str]:
    given = Settings.read().test_redis_url
    if given:
        number = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
        yield urlsplit(given)._replace(path=f"/{number}").geturl()
        return
    with Processes(lambda _: None) as processes:
        yield start_redis(processes)


@pytest.fixture
def redis_url(_redis_of_worker) -> str:
    """The address of a real, empty Redis."""
    with Redis.from_url(_redis_of_worker) as client:
        client.flushdb()
    return _redis_of_worker


@pytest.fixture
def mail_folder(tmp_path) -> Path:
    """Where `smtp_server` keeps what it catches; `commands.services.mail.caught` reads it."""
    return tmp_path / "mail"


@pytest.fixture
def smtp_server(mail_folder) -> Iterator[str]:
    """The address of a mail server that keeps every message in `mail_folder`."""
    with mail_catcher(mail_folder) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium, installed where possible; a test that asks for it is marked `browser`."""
    try:
        with launched() as running:
            yield running
    except NoBrowserError as missing:
        pytest.skip(str(missing))
