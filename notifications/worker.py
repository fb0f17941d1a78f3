"""The worker: waits for the bell, then delivers mails and runs long jobs. Any number of them may run."""

import logging
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from threading import Event

from redis import Redis
from redis.exceptions import RedisError
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer

from models.session import make_engine
from notifications import long_work
from notifications.bell import TIME_LIMIT, Listener, Task, queue_on, ring_for
from notifications.delivery import Desk, deliver
from notifications.relay import DELIVER, RUN
from notifications.smtp import Post, Server
from settings import Settings

log = logging.getLogger(__name__)
STOPS = (signal.SIGINT, signal.SIGTERM)
PAUSE = 5
"""Seconds between tries while Redis is away."""
BUDGET = TIME_LIMIT * 2 // 3
"""Seconds after which a job leaves the rest of its mails to the next one."""


def tasks_of(settings: Settings) -> Mapping[str, Task]:
    """Return all that a bell can ask for."""
    return {DELIVER: partial(deliver_mails, settings), RUN: partial(run_jobs, settings)}


def deliver_mails(settings: Settings, ids: Sequence[int]) -> None:
    """Deliver these mails over one connection; one that breaks does not hold up the others, its lease brings it back."""
    engine, stop_at = make_engine(settings.database_url), time.monotonic() + BUDGET
    try:
        with Post(Server.of(settings)) as post:
            desk = Desk(engine, post, settings.base_url)
            for mail_id in ids:
                if time.monotonic() > stop_at:
                    return
                _deliver(desk, mail_id)
    finally:
        engine.dispose()


def _deliver(desk: Desk, mail_id: int) -> None:
    try:
        log.info("thư %s: %s", mail_id, deliver(desk, mail_id))
    except Exception:
        log.exception("thư %s không xử lý được", mail_id)


def run_jobs(settings: Settings, ids: Sequence[int]) -> None:
    """Run these long jobs."""
    engine = make_engine(settings.database_url)
    try:
        for job_id in ids:
            long_work.run(engine, job_id)
    finally:
        engine.dispose()


def main(settings: Settings) -> int:
    """Work until told to stop. Redis may come and go: its absence is said once."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("rq.worker").addFilter(_said_once())
    try:
        _keep_listening(settings)
    except (KeyboardInterrupt, StopRequested):
        log.info("worker dừng theo yêu cầu")
    return 0


def _keep_listening(settings: Settings) -> None:
    away = False
    for number in STOPS:
        signal.signal(number, signal.default_int_handler)
    while True:
        try:
            if listen(settings):
                return
            away = False
        except RedisError as error:
            if not away:
                log.warning("Redis vắng mặt (%s); vẫn chờ, thư sẽ đi khi Redis trở lại", error)
            away = True
        Event().wait(PAUSE)


def _said_once() -> Callable[[logging.LogRecord], bool]:
    """A filter for RQ's log: while Redis is away it would say so at every try."""
    last = [""]

    def new(record: logging.LogRecord) -> bool:
        before, last[0] = last[0], str(record.msg)
        return last[0] != before

    return new


def listen(settings: Settings, *, burst: bool = False) -> bool:
    """Do what the bell asks until told to stop (true) or cut off from Redis; `burst`: until nothing is left. Raises RedisError."""
    redis = Redis.from_url(settings.redis_url)
    job_class = ring_for(tasks_of(settings))
    listener = Listener([queue_on(redis, job_class)], connection=redis, job_class=job_class, serializer=JSONSerializer)
    listener.log_job_description = False
    before = [signal.getsignal(number) for number in STOPS]
    try:
        listener.work(burst=burst, logging_level="WARNING")
    except RedisError:
        if not listener.told_to_stop:
            raise
    finally:
        for number, handler in zip(STOPS, before, strict=True):
            signal.signal(number, handler)
    return listener.told_to_stop
