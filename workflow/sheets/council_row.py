"""What the council's page is made of: one item, one case, one proposal, as one line each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from states.case import CaseState
from states.items import Applicability
from states.refusal import Problem
from states.ripe import Ripe
from workflow.proposals import FRESH
from workflow.sheets.opening import Opening


@dataclass(frozen=True, slots=True)
class Voice:
    """What one body (or the council's named grader) says of an item: points of round 1 or 2, or its answer to a request."""

    body: str
    points: int | None
    signed: bool
    na_answer: str = ""


@dataclass(frozen=True, slots=True)
class CouncilRow:
    """One item of a unit. Of the own organisation's case only names stand here; `barred` says why the actor may not decide."""

    unit: str
    name: str
    kind: str
    code: str
    title: str
    maximum: int
    state: CaseState
    ripe: Ripe | None = None
    masked: bool = False
    barred: Problem | None = None
    applicability: Applicability = Applicability.APPLICABLE
    self_points: int | None = None
    round1: int | None = None
    voices: tuple[Voice, ...] = ()
    decided: int | None = None
    bodies: str = ""
    """The bodies that are still owed, for what was left."""

    @property
    def agreed(self) -> bool:
        """Whether every body says that the indicator does not apply."""
        return all(voice.na_answer == "agreed" for voice in self.voices)

    @property
    def answered(self) -> bool:
        """Whether every body gave its word on the request."""
        return all(voice.na_answer for voice in self.voices)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who may be named to grade."""

    person_id: int
    name: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Rerouted:
    """One assignment that went to the council, instead of which body, and who was named."""

    row: CouncilRow
    instead_of: str
    person: str
    mine: bool
    graded: bool
    candidates: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """One indicator of which a body left something after the date."""

    code: str
    title: str
    bodies: tuple[str, ...]
    rows: tuple[CouncilRow, ...]


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case with what the chair may do to it as a whole."""

    unit: str
    name: str
    kind: str
    state: CaseState
    excluded: bool
    excluded_reason: str
    correcting: bool
    masked: bool


@dataclass(frozen=True, slots=True)
class OpenProposal:
    """What waits for the chair's word. For a publication, both hashes: as proposed, and of what the data say now."""

    id: int
    act: str
    label: str
    units: tuple[str, ...]
    reason: str
    asked: Mapping[str, Any]
    by: str
    organisation: str
    at: datetime
    mine: bool
    proved: bool
    hash: str
    hash_now: str
    seal: str
    """For a publication, of the result alone, as everybody will see it."""
    paper: tuple[str, str] = ("", "")
    """Address and name of the decision's file, where one goes with it."""
    opening: Opening | None = None
    """What would open, where that is proposed."""

    @property
    def decision_on(self) -> date | None:
        """The day of the decision, where one was given."""
        given = self.asked.get("decision_on")
        return date.fromisoformat(given) if given else None

    @property
    def visible_from(self) -> datetime | None:
        """When the publication is to be seen, where that was said."""
        given = self.asked.get("visible_from")
        return datetime.fromisoformat(given) if given else None

    @property
    def fresh_minutes(self) -> int:
        """For how long a password just typed counts."""
        return int(FRESH.total_seconds() // 60)

    @property
    def unchanged(self) -> bool:
        """Whether the dataset is still what was proposed."""
        return self.hash == self.hash_now
