"""Checks the chain of events: gap-free, every link recomputed, every head where the chain ends (`thamdinh audit verify`)."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Event
from workflow.canonical import digest
from workflow.journal import CARRIERS, EVENT_TAG, FIRST


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where a chain does not hold."""

    chain: str
    chain_id: int
    seq: int
    why: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.chain} {self.chain_id}, #{self.seq}: {self.why}"


def event_hash(event: Event) -> str:
    """Return what the hash of an event must be, from its own columns."""
    return digest(
        EVENT_TAG,
        {
            "v": 1, "chain": event.chain, "chain_id": event.chain_id, "seq": event.seq, "prev": event.prev, "at": event.at.isoformat(),
            "recorded_at": event.recorded_at.isoformat(), "actor": event.actor_ref, "membership": event.membership_id,
            "request": event.request_id, "act": event.act, "object": event.object, "payload": event.payload,
        },
    )  # fmt: skip


def breaks(session: Session) -> Iterator[Break]:
    """Yield the first break of each chain, walking all of them in order."""
    heads: dict[tuple[str, int], tuple[int, str]] = {}
    broken: set[tuple[str, int]] = set()
    for event in session.scalars(select(Event).order_by(Event.chain, Event.chain_id, Event.seq).execution_options(yield_per=1000)):
        key = (event.chain, event.chain_id)
        seq, prev = heads.get(key, (0, FIRST))
        why = _wrong(event, seq, prev)
        if why and key not in broken:
            broken.add(key)
            yield Break(event.chain, event.chain_id, event.seq, why)
        heads[key] = (event.seq, event.hash)
    yield from _head_breaks(session, heads, broken)


def _wrong(event: Event, seq: int, prev: str) -> str:
    if event.seq != seq + 1:
        return f"expected #{seq + 1}"
    if event.prev != prev:
        return "does not follow the one before"
    return "" if event.hash == event_hash(event) else "content does not match its hash"


def _head_breaks(session: Session, heads: dict[tuple[str, int], tuple[int, str]], broken: set[tuple[str, int]]) -> Iterator[Break]:
    for kind, table in CARRIERS.items():
        for row in session.execute(select(table.id, table.chain_seq, table.chain_head)):
            key = (kind, row.id)
            if key not in broken and heads.get(key, (0, FIRST)) != (row.chain_seq, row.chain_head):
                yield Break(kind, row.id, row.chain_seq, "the head is not where the chain ends")
