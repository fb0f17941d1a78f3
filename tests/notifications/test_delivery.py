"""One mail on its way: refusals, patience, leases, sending again. Time is moved, never waited for."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from threading import Barrier

import pytest
import time_machine
from sqlalchemy import select

from models.session import transaction
from models.tables import Mail
from notifications import worker
from notifications.delivery import DELAYS, LEASE, Desk, Outcome, deliver
from notifications.relay import due_mails
from notifications.smtp import Post, Server
from settings import Settings
from tests.notifications.conftest import START
from tests.notifications.servers import Moody, free_port, moody_server
from workflow.accounts import INVITATION, give_token
from workflow.clock import machine_now
from workflow.outbox import insert_words


@pytest.fixture
def one_mail(office, reader):
    """Exactly one mail waits."""
    with time_machine.travel(START, tick=False):
        office.collect()
    return office


@pytest.fixture
def at():
    """Move the machine's clock."""
    traveller = time_machine.travel(START, tick=False)
    clock = traveller.start()
    yield clock
    traveller.stop()


def through(office, url):
    return replace(office, settings=replace(office.settings, smtp_url=url))


# what the server says


@pytest.mark.parametrize(
    "said",
    [
        {"mail": "421 too busy"},
        {"mail": "451 greylisted"},
        {"rcpt": "450 mailbox busy"},
        {"rcpt": "451 come back later"},
        {"data": "452 no space"},
        {"hang_up": "yes"},
    ],
    ids=str,
)
def test_what_may_pass_is_tried_again(one_mail, at, said):
    moody = Moody(**said)
    with moody_server(moody) as url:
        assert through(one_mail, url).deliver() == [Outcome.POSTPONED]
    (mail,) = one_mail.mails()
    assert mail.next_try_at == START + timedelta(minutes=1)
    assert mail.error
    assert one_mail.deliver() == [], "not before its time"
    at.shift(timedelta(minutes=1))
    assert one_mail.deliver() == [Outcome.SENT]
    (letter,) = one_mail.letters()
    assert letter["Message-ID"] == mail.message_id
    again = [re.search(rb"Message-ID: (\S+)", message)[1].decode() for message in moody.accepted]
    assert set(again) <= {mail.message_id}, "a double is recognised by its Message-ID"


@pytest.mark.parametrize("said", [{"mail": "553 not yours"}, {"rcpt": "550 no such user"}, {"data": "554 refused"}], ids=str)
def test_a_refusal_for_good_is_shown_and_not_tried_again(one_mail, at, said):
    with moody_server(Moody(**said)) as url:
        assert through(one_mail, url).deliver() == [Outcome.FAILED]
    (mail,) = one_mail.mails()
    assert mail.error == next(iter(said.values()))
    at.shift(timedelta(days=3))
    assert one_mail.deliver() == []


def test_a_server_that_is_away_is_asked_with_growing_patience_for_48_hours(one_mail, at):
    away = through(one_mail, f"smtp://127.0.0.1:{free_port()}")
    waits = []
    while not (mail := one_mail.mails()[0]).failed_at:
        at.move_to(mail.next_try_at)
        assert len(away.deliver()) == 1
        waits.append(mail.next_try_at)
    minutes = [round((later - earlier).total_seconds() / 60) for earlier, later in pairwise(waits)]
    assert minutes[:4] == [1, 5, 15, 60]
    assert sum(DELAYS, timedelta()) == waits[-1] - START == timedelta(hours=48)
    assert "refused" in mail.error


def test_a_way_in_that_failed_is_forgotten(office, reader):
    with transaction(office.engine) as session:
        token = give_token(session, reader, INVITATION).rpartition("/")[2]
    office.collect()
    with moody_server(Moody(data="550 no")) as url:
        assert through(office, url).deliver() == [Outcome.FAILED] * 2
    assert [word.kind for word in office.words()] == ["open_assessment", INVITATION]
    assert token not in "".join(str(word.params) for word in office.words())


def test_a_mail_that_breaks_is_shown_and_does_not_hold_up_the_others(office, reader):
    with transaction(office.engine) as session:
        insert_words(session, [{"key": "x:1", "person_id": reader, "kind": "no_such_kind", "params": {}, "path": "", "digest": True,
                                "owed_at": START}])  # fmt: skip
    office.collect()
    worker.deliver_mails(office.settings, sorted(due_mails(office.engine), reverse=True))
    sent, broken = sorted(office.mails(), key=lambda mail: mail.error)
    assert (sent.error, sent.sent_at is not None) == ("", True)
    assert (broken.error, broken.sent_at) == ("KeyError", None)
    assert broken.next_try_at > machine_now()


# leases


@pytest.mark.parametrize("round_", range(3))
def test_two_deliveries_at_once_take_one_lease(one_mail, round_):
    start = Barrier(4)

    def one_of_four(mail_id):
        with Post(Server.of(one_mail.settings)) as post:
            desk = Desk(one_mail.engine, post, one_mail.settings.base_url)
            start.wait(30)
            return deliver(desk, mail_id)

    (mail_id,) = due_mails(one_mail.engine)
    with ThreadPoolExecutor(4) as threads:
        outcomes = sorted(threads.map(one_of_four, [mail_id] * 4))
    assert outcomes == [Outcome.SENT, *[Outcome.TAKEN] * 3]
    assert len(one_mail.letters()) == 1


def test_two_collectors_at_once_make_one_mail_of_a_word(office, reader):
    with transaction(office.engine) as session:
        for _ in range(20):
            give_token(session, reader, INVITATION)
    start = Barrier(4)

    def one_of_four(_):
        start.wait(30)
        return office.collect()

    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(one_of_four, range(4)))
    assert sum(made) == len(office.mails()) == 21
    assert all(word.mail_id for word in office.words())


def test_a_lease_that_ran_out_is_taken_by_the_next(one_mail, at):
    with transaction(one_mail.engine) as session:
        session.scalars(select(Mail)).one().leased_until = START + LEASE
    assert one_mail.deliver() == []
    at.shift(LEASE)
    assert one_mail.deliver() == [Outcome.SENT]


# the address of the server


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.vi.du", ("smtp", "mail.vi.du", 25, "", "", "thamdinh@tham-dinh.example")),
        ("smtps://mail.vi.du", ("smtps", "mail.vi.du", 465, "", "", "thamdinh@tham-dinh.example")),
        ("smtp+starttls://a%40b:c%2Fd@mail.vi.du", ("smtp+starttls", "mail.vi.du", 587, "a@b", "c/d", "thamdinh@tham-dinh.example")),
        ("smtp://mail.vi.du:2525?from=khcn@hn.example", ("smtp", "mail.vi.du", 2525, "", "", "khcn@hn.example")),
    ],
)
def test_the_address_of_the_server_is_read_whole(url, expected):
    server = Server.of(Settings.read({"THAMDINH_SMTP_URL": url, "THAMDINH_BASE_URL": "https://tham-dinh.example"}))
    assert (server.scheme, server.host, server.port, server.user, server.password, server.sender) == expected
