"""What the guards look at: counted facts of one case, and what the person asked for. No rows, no queries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from states.case import CaseState


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """One case as the law sees it at one moment. Tuples hold indicator codes; moments are aware UTC."""

    case_id: int
    unit: str
    state: CaseState
    arrived_at: datetime
    """When the request reached the server; deadlines are held against it."""
    excluded: bool = False
    submitted_before: bool = False
    self_score_until: datetime | None = None
    explanation_until: datetime | None = None
    round1_until: datetime | None = None
    round2_until: datetime | None = None
    within_grace: bool = False
    """An upload begun before closing may finish and the case be submitted."""
    unscored: tuple[str, ...] = ()
    unproved: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    """Items whose guidance was amended and which wait to be confirmed again."""
    na_unsettled: tuple[str, ...] = ()
    ungraded: tuple[str, ...] = ()
    unsigned: tuple[str, ...] = ()
    disputed: tuple[str, ...] = ()
    contestable: tuple[str, ...] = ()
    contested_open: tuple[str, ...] = ()
    ask_everyone: bool = True
    accepted: bool = False
    sent: bool = False
    published: bool = False
    """It stands in a publication and is not under correction."""
    own_of_secretariat: bool = False
    opened_on: date | None = None
    """The day in Hanoi on which the assessment opened."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came with the request: the reason, the decision, the declaration …; empty where the move asks for nothing."""

    reason: str = ""
    declared: bool = False
    minutes_number: str = ""
    minutes_on: date | None = None
    until: datetime | None = None
    items: tuple[str, ...] = ()
    decision_number: str = ""
    decision_on: date | None = None
    decision_document: int | None = None
    visible_from: datetime | None = None
    more: Mapping[str, str] = field(default_factory=dict)
