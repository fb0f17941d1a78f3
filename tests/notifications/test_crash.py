"""Real workers killed at the worst moment, and Redis gone for a while: nothing is lost, doubles bear the same Message-ID."""

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from random import Random
from threading import Event

import pytest
from redis import Redis
from sqlalchemy import update

from commands.services.processes import Processes
from commands.services.redis import start_redis
from models.session import transaction
from models.tables import Mail, Person
from notifications.relay import relay
from notifications.scheduler import Rounds
from notifications.smtp import host_of
from notifications.worker import listen
from settings import ROOT, Settings, name_of
from tests.notifications.conftest import START
from tests.notifications.servers import Moody, moody_server
from workflow.clock import machine_now
from workflow.outbox import insert_words

PATIENCE = 60


def environment(settings):
    given = {name_of(row.name): getattr(settings, row.name) for row in fields(Settings)}
    return {**os.environ, **{name: str(value) for name, value in given.items() if value and isinstance(value, str | Path)}}


@contextmanager
def process(settings, module):
    """Run `main` of a module of the post as a process of its own; what is left of it is ended."""
    code = f"from settings import Settings; from {module} import main; raise SystemExit(main(Settings.read()))"
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(settings), stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        try:
            yield running
        finally:
            if running.poll() is None:
                running.kill()


def children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def kill_with_children(pid):
    """Kill a worker and the process it does its job in, the parent first, so that it cannot notice."""
    family = [pid, *children(pid)]
    for one in family:
        os.kill(one, signal.SIGKILL)


def leases_run_out(office):
    """As if the time of the leases had passed."""
    with transaction(office.engine) as session:
        session.execute(update(Mail).where(Mail.leased_until.is_not(None)).values(leased_until=machine_now()))


def message_ids(moody):
    return Counter(re.search(rb"Message-ID: (\S+)", message)[1].decode() for message in moody.accepted)


@pytest.mark.parametrize("after", [1, 4])
def test_a_worker_killed_between_sending_and_marking_loses_nothing(office, reader, redis_url, after):
    """The server has the mail, the worker dies before it can write that down: the mail goes out again, recognisably."""
    moody, killed = Moody(), Event()
    many = 8
    with moody_server(moody) as url, Redis.from_url(redis_url) as redis:
        settings = replace(office.settings, smtp_url=url)
        tell(office, reader, many)
        relay(office.engine, redis, host_of(settings))
        with process(settings, "notifications.worker") as worker:

            def at_data():
                if len(moody.accepted) == after:
                    kill_with_children(worker.pid)
                    killed.set()

            moody.at_data = at_data
            assert killed.wait(PATIENCE)
            worker.wait(PATIENCE)
        assert [mail.sent_at is not None for mail in office.mails()].count(True) == after - 1
        assert sum(mail.leased_until is not None for mail in office.mails()) == 1

        moody.at_data = lambda: None
        redis.flushall()
        leases_run_out(office)
        relay(office.engine, redis, host_of(settings))
        listen(settings, burst=True)
    assert set(message_ids(moody)) == {mail.message_id for mail in office.mails()}, "nothing is lost"
    assert sorted(message_ids(moody).values()) == [1] * (many - 1) + [2], "one kill, one double"
    assert all(mail.sent_at for mail in office.mails())


def tell(office, reader, many):
    """Owe so many words that each make a mail of their own: to so many people."""
    with transaction(office.engine) as session:
        people = [
            Person(email=f"nguoi.{n}@demo.example", name="X", title="", phone="", created_at=START, chain_salt="") for n in range(many - 1)
        ]
        session.add_all(people)
        session.flush()
        rows = [
            {"key": "open_assessment:1", "person_id": one.id, "kind": "open_assessment", "params": {}, "path": "", "digest": False,
             "owed_at": START} for one in people
        ]  # fmt: skip
        insert_words(session, rows)


def test_a_worker_stops_when_told_and_finishes_the_mail_in_hand(office, reader, redis_url):
    moody, begun = Moody(), Event()
    with moody_server(moody) as url, Redis.from_url(redis_url) as redis:
        settings = replace(office.settings, smtp_url=url)
        relay(office.engine, redis, host_of(settings))
        with process(settings, "notifications.worker") as worker:

            def at_data():
                os.kill(worker.pid, signal.SIGTERM)
                begun.set()

            moody.at_data = at_data
            assert begun.wait(PATIENCE)
            assert worker.wait(PATIENCE) == 0
    assert [mail.sent_at is not None for mail in office.mails()] == [True]


@pytest.mark.parametrize("module", ["notifications.worker", "notifications.scheduler"])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_without_redis_both_wait_say_so_once_and_stop_when_told(office, reader, tmp_path, module):
    settings = replace(office.settings, redis_url=f"unix://{tmp_path / 'nobody.sock'}")
    with process(settings, module) as running:
        said = running.stderr.readline()
        assert "vẫn" in said
        running.terminate()
        rest = running.stderr.read()
        assert running.wait(PATIENCE) == 0
    assert "Traceback" not in rest
    assert "vẫn" not in rest


def test_mail_goes_out_after_redis_returned(office, reader, caplog):
    """The scheduler keeps collecting while Redis is away, says so once, and rings when it is back."""
    caplog.set_level("INFO", "notifications")
    with Processes(lambda _: None) as processes:
        address = start_redis(processes)
    rounds = Rounds(replace(office.settings, redis_url=address), office.engine)
    for _ in range(3):
        rounds.go()
    assert len(office.mails()) == 1, "the mail is made without Redis"
    away = [record for record in caplog.records if "vẫn thử lại" in record.getMessage()]
    assert len(away) == 1
    with Processes(lambda _: None) as processes:
        again = start_redis(processes)
        rounds.redis = Redis.from_url(again)
        rounds.go()
        assert [record for record in caplog.records if "đã trở lại" in record.getMessage()]
        listen(replace(office.settings, redis_url=again), burst=True)
    assert len(office.letters()) == 1


@pytest.mark.soak
def test_many_kills_at_random_moments(office, reader, redis_url):
    """Kill a worker again and again, somewhere in the middle of its mails: nothing lost, no more doubles than kills."""
    random, moody, kills, many = Random(5279), Moody(), 0, 150
    tell(office, reader, many)
    office.collect()
    with moody_server(moody) as url, Redis.from_url(redis_url) as redis:
        settings = replace(office.settings, smtp_url=url)

        def ring_again():
            redis.flushall()
            leases_run_out(office)
            relay(office.engine, redis, host_of(settings))

        while sum(mail.sent_at is None for mail in office.mails()) > 12:
            ring_again()
            goal, reached = len(moody.accepted) + random.randint(1, 12), Event()
            moody.at_data = lambda goal=goal, reached=reached: reached.set() if len(moody.accepted) >= goal else None
            with process(settings, "notifications.worker") as worker:
                assert reached.wait(PATIENCE)
                kill_with_children(worker.pid)
                kills += 1
        moody.at_data = lambda: None
        ring_again()
        listen(settings, burst=True)
    ids = message_ids(moody)
    assert set(ids) == {mail.message_id for mail in office.mails()}
    assert len(ids) == many
    assert sum(ids.values()) - many <= kills
    assert kills > 10
