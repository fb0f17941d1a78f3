"""Several people at the same moment, each in a thread and a transaction of his or her own, on PostgreSQL.

`at_once` lets all go at the same barrier; who wins is open. `behind` decides it: the first has done its work and not yet committed
when the second, which has read its world before, runs into its lock.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier, Event
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from models.session import reading
from states.refusal import NotFound, Refused, Stale
from tests.small import Small
from workflow.actor import Actor
from workflow.auditing import breaks
from workflow.invariants import violations

TOLD = (Refused, Stale, NotFound)
"""What a loser may be told; anything else fails the test."""
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0")


@dataclass(frozen=True)
class Doing:
    """One thing that one person does."""

    local: str
    act: Callable[[Session, Actor], Any]
    proved: bool = False


def at_once(season: Small, *doings: Doing, arriving: bool = False) -> list[Any]:
    """Let everybody act together (or, `arriving`, already arrive together); return what each got: a value or a refusal."""
    start = Barrier(len(doings), timeout=60)

    def run(doing: Doing) -> Any:
        try:
            if arriving:
                start.wait()
            with season.acting(doing.local, proved=doing.proved) as (session, actor):
                if not arriving:
                    start.wait()
                return doing.act(session, actor)
        except TOLD as told:
            return told

    with ThreadPoolExecutor(len(doings)) as pool:
        return list(pool.map(run, doings))


def behind(season: Small, first: Doing, second: Doing) -> tuple[Any, Any]:
    """Let the second arrive before the first commits and act while the first holds its locks; return what each got."""
    arrived, acted = Event(), Event()

    def follow() -> Any:
        try:
            with season.acting(second.local, proved=second.proved) as (session, actor):
                arrived.set()
                acted.wait(60)
                return second.act(session, actor)
        except TOLD as told:
            return told

    with ThreadPoolExecutor(1) as pool:
        with season.acting(first.local, proved=first.proved) as (session, actor):
            following = pool.submit(follow)
            arrived.wait(60)
            try:
                got = first.act(session, actor)
            finally:
                acted.set()
            _wait_until_blocked(season, following)
        return got, following.result()


def backwards(season: Small, first: Doing, second: Doing) -> tuple[Any, Any]:
    """The same the other way round; what each got stands in the order they were named."""
    got, told = behind(season, second, first)
    return told, got


def _wait_until_blocked(season: Small, following: Future[Any]) -> None:
    """Return when the second waits for a lock, or was done without one."""
    while not following.done():
        with season.engine.connect() as connection:
            if connection.scalar(WAITING):
                return


def sorted_out(outcomes: list[Any] | tuple[Any, ...]) -> tuple[list[Any], list[Any]]:
    """Return what the winners got and what the losers were told."""
    losers = [outcome for outcome in outcomes if isinstance(outcome, TOLD)]
    return [outcome for outcome in outcomes if not isinstance(outcome, TOLD)], losers


def assert_whole(season: Small) -> None:
    """Hold the data against every invariant, the chain among them."""
    with reading(season.engine) as session:
        assert [str(one) for one in breaks(session)] == []
        assert [str(one) for one in violations(session)] == []
