"""The chain of events: append-only, gap-free, each linked to the one before by SHA-256."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Code, Hash, Key


class Event(Base):
    """One fact in one chain (case, assessment or system). Holds ids and hashes only: no names, no free text."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("chain", "chain_id", "seq"),)

    id: Mapped[Key]
    chain: Mapped[Code]
    chain_id: Mapped[int]
    seq: Mapped[int]
    prev: Mapped[Hash]
    hash: Mapped[Hash]
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    actor_ref: Mapped[Hash]
    membership_id: Mapped[int | None]
    request_id: Mapped[Code]
    act: Mapped[Code] = mapped_column(index=True)
    object: Mapped[Code]
    payload: Mapped[dict[str, Any]]


class SystemChain(Base):
    """The one row that carries the head of the system's chain; locked last of all."""

    __tablename__ = "system_chain"

    id: Mapped[Key]
    chain_seq: Mapped[int]
    chain_head: Mapped[Hash]
