"""The bell: rings once however many relays, rings again when Redis forgot, and does nothing but what is on its list."""

import json
import os
import pickle
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from redis import Redis
from rq import Queue
from rq.job import Job
from rq.registry import FailedJobRegistry
from rq.serializers import JSONSerializer

from models.session import transaction
from models.tables import Job as LongJob
from notifications import long_work
from notifications.bell import QUEUE, queue_on, ring_for
from notifications.relay import relay
from notifications.smtp import host_of
from notifications.worker import listen, tasks_of
from tests.notifications.conftest import START
from workflow.accounts import INVITATION, give_token


@pytest.fixture
def redis(redis_url):
    with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def ringing(office, redis):
    """Ring for what is due; returns how many bells."""
    return lambda: relay(office.engine, redis, host_of(office.settings))


def work(office):
    """A real worker, until nothing is left."""
    assert listen(office.settings, burst=True) is False


# ringing


def test_the_relay_wakes_a_worker_that_delivers(office, reader, redis, ringing):
    assert ringing() == 1
    work(office)
    assert [letter["Message-ID"] for letter in office.letters()] == [mail.message_id for mail in office.mails()]
    assert ringing() == 0
    assert redis.keys("rq:job:*") == [], "nothing is kept of what is done"


def test_the_relay_run_twice_rings_once_and_later_again(office, reader, redis, ringing):
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:
        assert (ringing(), ringing()) == (1, 0)
        assert queue_on(redis).count == 1
        clock.shift(timedelta(minutes=1))
        assert ringing() == 1, "nobody has heard it: it rings again, until the mail is out"
    work(office)
    assert len(office.letters()) == 1


def test_redis_emptied_loses_nothing(office, reader, redis, ringing):
    assert ringing() == 1
    redis.flushall()
    assert ringing() == 1
    work(office)
    assert len(office.letters()) == 1


def test_many_mails_are_cut_into_jobs_of_about_a_hundred(office, reader, redis, ringing):
    with transaction(office.engine) as session:
        for _ in range(230):
            give_token(session, reader, INVITATION)
    assert ringing() in {3, 4}
    jobs = [json.loads(job.data) for job in Queue(QUEUE, connection=redis, serializer=JSONSerializer).jobs]
    ids = [mail_id for _, _, (given,), _ in jobs for mail_id in given]
    assert sorted(ids) == [mail.id for mail in office.mails()]
    assert max(len(given) for _, _, (given,), _ in jobs) <= 100


def test_only_ids_and_a_known_word_lie_in_redis(office, reader, redis, ringing):
    ringing()
    (key,) = redis.keys("rq:job:*")
    lying = b" ".join(redis.hvals(key))
    assert READER_BYTES not in lying
    (job,) = queue_on(redis).jobs
    assert json.loads(job.data) == ["deliver", None, [[office.mails()[0].id]], {}]


READER_BYTES = b"nguoi.doc"


# what somebody else put there


def planted(redis, data=None, **fields):
    """Put a job into the queue by hand, as whoever reaches Redis could."""
    job = Job.create("deliver", args=([1],), connection=redis, serializer=JSONSerializer, id="planted", origin=QUEUE)
    job.save()
    if data is not None:
        redis.hset(job.key, "data", data)
    for name, value in fields.items():
        redis.hset(job.key, name, value)
    Queue(QUEUE, connection=redis).push_job_id(job.id)
    redis.sadd("rq:queues", f"rq:queue:{QUEUE}")


class Touch:
    """Unpickling this touches a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.system, (f"touch {self.path}",)


@pytest.mark.parametrize("way", ["pickle", "command", "instance", "kwargs", "text for ids", "builtin", "callback", "web hook"])
def test_what_is_planted_in_redis_does_nothing(office, reader, redis, ringing, tmp_path, monkeypatch, way):
    trace = tmp_path / "trace"
    monkeypatch.setenv(TRACE, str(trace))
    given = {
        "pickle": {"data": pickle.dumps(Touch(trace))},
        "command": {"data": json.dumps(["os.system", None, [f"touch {trace}"], {}])},
        "instance": {"data": json.dumps(["deliver", "os", [[1]], {}])},
        "kwargs": {"data": json.dumps(["deliver", None, [[1]], {"settings": "x"}])},
        "text for ids": {"data": json.dumps(["deliver", None, [[f"touch {trace}"]], {}])},
        "builtin": {"data": json.dumps(["eval", None, [f"open({str(trace)!r}, 'w')"], {}])},
        "callback": {"success_callback_name": f"{__name__}.called", "failure_callback_name": f"{__name__}.called"},
        "web hook": {"webhooks": json.dumps([HOOK])},
    }[way]
    planted(redis, **given)
    office.collect()
    work(office)
    assert not trace.exists()
    ringing()
    work(office)
    assert len(office.letters()) == 1, "and the worker goes on working"


TRACE = "TRACE_OF_A_CALLBACK"
HOOK = {"url": "http://127.0.0.1:9/", "method": "POST", "headers": {}, "job_status": "failed", "timeout": 1}


def called(*given):
    """What a planted callback would do."""
    Path(os.environ[TRACE]).touch()


def test_what_is_planted_above_would_work_on_a_plain_worker(redis, tmp_path, monkeypatch):
    monkeypatch.setenv(TRACE, str(tmp_path / "callback"))
    pickle.loads(pickle.dumps(Touch(tmp_path / "pickle")))
    planted(redis, success_callback_name=f"{__name__}.called", webhooks=json.dumps([HOOK]))
    theirs = Job.fetch("planted", connection=redis, serializer=JSONSerializer)
    theirs.success_callback(theirs, redis, None)
    assert {path.name for path in tmp_path.iterdir()} == {"callback", "pickle"}
    assert len(theirs.webhooks) == 1
    ours = ring_for({}).fetch("planted", connection=redis, serializer=JSONSerializer)
    assert (ours.success_callback, ours.failure_callback, ours.stopped_callback, ours.webhooks) == (None, None, None, [])


def test_a_refused_job_is_soon_forgotten(office, redis, tmp_path):
    planted(redis, data=json.dumps(["os.system", None, ["true"], {}]))
    work(office)
    assert FailedJobRegistry(QUEUE, connection=redis, serializer=JSONSerializer).get_job_ids() == ["planted"]


# long work


def asked(office, kind):
    with transaction(office.engine) as session:
        job = LongJob(kind=kind, params={"n": 3}, asked_at=START)
        session.add(job)
        session.flush()
        return job.id


def test_long_work_takes_the_same_way_and_ends_with_a_result_or_an_error(office, redis, ringing, monkeypatch):
    done = []
    monkeypatch.setitem(long_work.WORKS, "count", lambda engine, job_id, params: done.append((job_id, params)))
    counting, unknown = asked(office, "count"), asked(office, "no_such_work")
    assert ringing() == 2
    for job in queue_on(redis).jobs:
        task, _, (ids,), _ = json.loads(job.data)
        tasks_of(office.settings)[task](ids)
    assert done == [(counting, {"n": 3})]
    rows = {job.id: job for job in office._all(LongJob)}
    assert rows[counting].done_at
    assert rows[counting].error == ""
    assert rows[unknown].error == "Không có loại việc này."
    assert not long_work.run(office.engine, counting), "what is done is done"


def test_long_work_left_by_a_dead_worker_is_run_again(office, monkeypatch):
    job_id = asked(office, "count")
    monkeypatch.setitem(long_work.WORKS, "count", lambda *given: None)
    with transaction(office.engine) as session:
        session.get(LongJob, job_id).started_at = START
    with time_machine.travel(START + long_work.PATIENCE, tick=False):
        assert long_work.waiting_jobs(office.engine) == []
    with time_machine.travel(START + long_work.PATIENCE + timedelta(seconds=1), tick=False):
        assert long_work.run(office.engine, job_id)


def test_long_work_that_breaks_says_so(office, monkeypatch):
    job_id = asked(office, "break")
    monkeypatch.setitem(long_work.WORKS, "break", lambda *given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        long_work.run(office.engine, job_id)
    assert office._all(LongJob)[0].error.startswith("Việc bị ngắt")
