"""The scheduler: every few seconds the relay, every few minutes the reminders. Two of them do no harm; none only delays."""

import logging
import signal
import time
from collections.abc import Callable
from threading import Event
from types import FrameType

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from models.session import make_engine, reading, transaction
from notifications.relay import relay
from notifications.smtp import host_of
from settings import Settings
from states.clocks import local_day
from workflow.clock import working_now
from workflow.reminders import missing_words, owe_reminders, scanned

log = logging.getLogger(__name__)
RELAY_EVERY = 20
"""Seconds between two rounds of the relay."""
SCAN_EVERY = 180
"""Seconds between two scans of the deadlines."""


def scan(engine: Engine) -> int:
    """Owe the reminders of today and of days that were missed; return how many are new. Reads first, so that mostly nothing is locked."""
    with reading(engine) as session:
        words, known = missing_words(session), scanned(session)
    if known and not words:
        return 0
    with transaction(engine) as session:
        return owe_reminders(session, words)


class Trouble:
    """Says what is broken once, and once that it is over."""

    def __init__(self, name: str) -> None:
        """Take what it is about."""
        self.name = name
        self.known = False

    def watch(self, step: Callable[[], object]) -> None:
        """Take a step that may fail for want of a service."""
        try:
            step()
        except (RedisError, SQLAlchemyError, OSError) as error:
            if not self.known:
                log.warning("%s: %s; vẫn thử lại", self.name, " ".join(str(error).split())[:300])
            self.known = True
            return
        if self.known:
            log.info("%s: đã trở lại", self.name)
        self.known = False


class Rounds:
    """The steps of the scheduler with their troubles."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        """Take the database; Redis is reached when needed and does not have to be there yet."""
        self.engine = engine
        self.redis = Redis.from_url(settings.redis_url, socket_connect_timeout=5, socket_timeout=10)
        self.host = host_of(settings)
        self._scanned: tuple[object, float] = (None, 0.0)
        self._scan, self._relay = Trouble("quét thời hạn"), Trouble("chuyển thư")

    def go(self) -> None:
        """One round: scan when it is time, then relay."""
        self._scan.watch(self._scan_in_time)
        self._relay.watch(lambda: relay(self.engine, self.redis, self.host))

    def _scan_in_time(self) -> None:
        """Scan every few minutes, and at once when the day has changed (or was changed by hand)."""
        with reading(self.engine) as session:
            day = local_day(working_now(session))
        (known_day, scanned_at), now = self._scanned, time.monotonic()
        if day != known_day or now - scanned_at >= SCAN_EVERY:
            scan(self.engine)
            self._scanned = day, now


def main(settings: Settings) -> int:
    """Go round until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    told = Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        told.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    rounds = Rounds(settings, make_engine(settings.database_url))
    while not told.is_set():
        rounds.go()
        told.wait(RELAY_EVERY)
    return 0
