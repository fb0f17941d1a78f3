"""The journal: every change appends one event to its chain, in the caller's transaction, and puts what is owed in the outbox."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from models.session import insert_once
from models.tables import Assessment, Case, Event, SystemChain
from workflow.actor import Actor
from workflow.canonical import digest
from workflow.clock import machine_now, working_now

FIRST = "0" * 64
EVENT_TAG = "thamdinh/event/1"


@dataclass(frozen=True, slots=True)
class Chain:
    """Which chain an event belongs to: one per case, one per assessment, one for the system."""

    kind: str
    id: int

    @classmethod
    def of_case(cls, case_id: int) -> "Chain":
        """Return the chain of one case."""
        return cls("case", case_id)

    @classmethod
    def of_assessment(cls, assessment_id: int) -> "Chain":
        """Return the chain of what concerns a whole assessment."""
        return cls("assessment", assessment_id)


SYSTEM_CHAIN = Chain("system", 1)
CARRIERS: Mapping[str, Any] = {"case": Case, "assessment": Assessment, "system": SystemChain}

HEADS = {
    kind: select(table.id, table.chain_seq, table.chain_head).where(table.id.in_(bindparam("ids", expanding=True)))
    .order_by(table.id).with_for_update(key_share=True)
    for kind, table in CARRIERS.items()
}  # fmt: skip
NEW_HEAD = {kind: update(table.__table__).where(table.id == bindparam("chain")) for kind, table in CARRIERS.items()}
NEW_EVENT: Any = Event.__table__.insert()  # type: ignore[attr-defined]
"""Run by every act, so put together once, and on the tables: the events of a season are many, and nobody holds them as objects."""


def actor_reference(actor: Actor) -> str:
    """Return the salted reference to a person: with the salt erased it points to nobody."""
    return hashlib.sha256(f"thamdinh/actor/1\0{actor.salt}\0{actor.person_id}".encode()).hexdigest()


def record(session: Session, chain: Chain, actor: Actor, act: str, on: str = "", payload: Mapping[str, Any] | None = None) -> str:
    """Append one event and return its hash. The payload holds ids, numbers and hashes only: no names, no free text."""
    return record_many(session, [(chain, act, on, payload or {})], actor)[0]


def record_many(session: Session, facts: Sequence[tuple[Chain, str, str, Mapping[str, Any]]], actor: Actor) -> list[str]:
    """Append events to many chains in few statements; each chain's row must be locked by the caller (or is locked here, in order)."""
    heads = _heads(session, {chain for chain, *_ in facts})
    at, recorded_at, reference = working_now(session), machine_now(), actor_reference(actor)
    rows, hashes = [], []
    for chain, act, on, payload in facts:
        seq, prev = heads[chain]
        body = {
            "v": 1, "chain": chain.kind, "chain_id": chain.id, "seq": seq + 1, "prev": prev, "at": at.isoformat(),
            "recorded_at": recorded_at.isoformat(), "actor": reference, "membership": actor.membership_id,
            "request": actor.request_id, "act": act, "object": on, "payload": dict(payload),
        }  # fmt: skip
        made = digest(EVENT_TAG, body)
        heads[chain] = (seq + 1, made)
        hashes.append(made)
        rows.append(
            {
                "chain": chain.kind,
                "chain_id": chain.id,
                "seq": seq + 1,
                "prev": prev,
                "hash": made,
                "at": at,
                "recorded_at": recorded_at,
                "actor_ref": reference,
                "membership_id": actor.membership_id,
                "request_id": actor.request_id,
                "act": act,
                "object": on,
                "payload": dict(payload),
            }
        )
    session.execute(NEW_EVENT, rows)
    _keep_heads(session, heads)
    return hashes


def _heads(session: Session, chains: set[Chain]) -> dict[Chain, tuple[int, str]]:
    heads: dict[Chain, tuple[int, str]] = {}
    for kind in ("assessment", "case", "system"):
        ids = sorted(chain.id for chain in chains if chain.kind == kind)
        if not ids:
            continue
        rows = session.execute(HEADS[kind], {"ids": ids}).all()
        if kind == "system" and not rows:
            _begin_system_chain(session)
            rows = session.execute(HEADS[kind], {"ids": ids}).all()
        heads |= {Chain(kind, row.id): (row.chain_seq, row.chain_head) for row in rows}
    return heads


def _begin_system_chain(session: Session) -> None:
    """Make the row of the system's chain; whoever does it at the same moment waits, and finds it made."""
    session.execute(insert_once(session, SystemChain), {"id": SYSTEM_CHAIN.id, "chain_seq": 0, "chain_head": FIRST})


def _keep_heads(session: Session, heads: Mapping[Chain, tuple[int, str]]) -> None:
    for kind, statement in NEW_HEAD.items():
        rows = [{"chain": chain.id, "chain_seq": seq, "chain_head": head} for chain, (seq, head) in heads.items() if chain.kind == kind]
        if rows:
            session.execute(statement, rows)
