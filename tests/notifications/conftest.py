"""A post office on a real season: a real mail server, the database of the test, and the steps of the post one by one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from commands.services.mail import caught
from models.session import reading, transaction
from models.tables import Mail, Notification, Person
from notifications.collecting import collect
from notifications.delivery import Desk, Outcome, deliver
from notifications.relay import due_mails
from notifications.scheduler import scan
from notifications.smtp import Post, Server, host_of
from settings import Settings
from tests.season import make_season
from workflow.invariants.records import words_in_limbo

BASE_URL = "https://tham-dinh.example"
READER = "nguoi.doc@demo.example"
START = datetime(2026, 1, 5, 3, tzinfo=UTC)


@dataclass
class Office:
    """The post, step by step."""

    engine: Engine
    settings: Settings
    folder: Path

    def collect(self) -> int:
        with transaction(self.engine) as session:
            return collect(session, host_of(self.settings))

    def deliver(self) -> list[Outcome]:
        """Deliver what is due, over one connection."""
        with Post(Server.of(self.settings)) as post:
            desk = Desk(self.engine, post, self.settings.base_url)
            return [deliver(desk, mail_id) for mail_id in due_mails(self.engine)]

    def post(self) -> list[Outcome]:
        """Scan, collect and deliver."""
        scan(self.engine)
        self.collect()
        return self.deliver()

    def letters(self, address: str = ""):
        """What arrived (for an address), the oldest first."""
        return [letter for letter in caught(self.folder) if address in letter["To"]]

    def forget(self) -> None:
        """Look only at what comes from now on: drop the words owed so far and the letters that came."""
        with transaction(self.engine) as session:
            session.query(Notification).delete()
        for path in self.folder.glob("*.eml"):
            path.unlink()

    def words(self) -> list[Notification]:
        return self._all(Notification)

    def mails(self) -> list[Mail]:
        return self._all(Mail)

    def _all(self, table):
        with reading(self.engine) as session:
            rows = list(session.scalars(select(table).order_by(table.id)))
            session.expunge_all()
            return rows


def text_of(letter) -> str:
    return letter.get_content()


@pytest.fixture
def settings(database, redis_url, smtp_server, tmp_path) -> Settings:
    return Settings.read(
        {
            "THAMDINH_DATABASE_URL": database,
            "THAMDINH_REDIS_URL": redis_url,
            "THAMDINH_SMTP_URL": smtp_server,
            "THAMDINH_DATA_DIR": str(tmp_path / "var"),
            "THAMDINH_BASE_URL": BASE_URL,
        }
    )


@pytest.fixture
def office(engine, settings, mail_folder) -> Iterator[Office]:
    """The post of one installation; whatever a test does with it, every word is afterwards owed, in a mail, or left out with a reason."""
    yield Office(engine, settings, mail_folder)
    with reading(engine) as session:
        assert list(words_in_limbo(session)) == []


@pytest.fixture
def reader(engine) -> int:
    """One person to whom one word is owed; nothing else is in the database."""
    with transaction(engine) as session:
        person = Person(email=READER, name="Người đọc", title="", phone="", created_at=START, chain_salt="")
        session.add(person)
        session.flush()
        word = Notification(
            key="open_assessment:1", person_id=person.id, kind="open_assessment", params={}, owed_at=START, path="/viec-cua-toi"
        )
        session.add(word)
    return person.id


@pytest.fixture
def season(engine):
    return make_season(engine)
