"""What a grading grid counts, whether its rows are the units of one indicator or the indicators of one unit."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime, timedelta

from workflow.sheets.grid_row import GridRow
from workflow.sheets.needs import OUT, TO_DO, Need

LATELY = timedelta(minutes=3)
MOST_LATELY = 20


def beside(keys: Sequence[str], key: str) -> tuple[str, str]:
    """Return the keys before and after one; empty at the ends, and for a key that is not there."""
    if key not in keys:
        return "", ""
    at = keys.index(key)
    return keys[at - 1] if at else "", keys[at + 1] if at + 1 < len(keys) else ""


class Counted(ABC):
    """Rows by a key (the unit, or the indicator), of which those of the round `number` are counted."""

    __slots__ = ()
    number: int

    @property
    @abstractmethod
    def keyed(self) -> Sequence[tuple[str, GridRow]]:
        """Each row by its key, in the order shown."""

    @property
    @abstractmethod
    def now(self) -> datetime:
        """The moment the page is made."""

    @property
    def graded(self) -> int:
        """How many rows have their points in this round."""
        return sum(row.need not in OUT and row.mark(self.number) is not None and (self.number == 1 or row.fresh) for _, row in self.keyed)

    @property
    def whole(self) -> int:
        """How many rows are to have them."""
        return sum(row.need not in OUT for _, row in self.keyed)

    @property
    def open(self) -> bool:
        """Whether any row takes points in this round now."""
        return any(row.takes(self.number) for _, row in self.keyed)

    @property
    def to_sign(self) -> tuple[str, ...]:
        """The rows of this round that wait for the lead's signature."""
        return tuple(key for key, row in self.keyed if row.waits(self.number, Need.SIGN))

    @property
    def signed(self) -> tuple[str, ...]:
        """The rows whose signature could still be taken back."""
        marks = ((key, row.mark(self.number)) for key, row in self.keyed if row.takes(self.number))
        return tuple(key for key, mark in marks if mark is not None and mark.signed)

    @property
    def seal(self) -> str:
        """What the lead sees when signing: each row that waits, with its version. What changed meanwhile is to be seen again first."""
        waiting = frozenset(self.to_sign)
        return " ".join(f"{key}:{row.version}" for key, row in self.keyed if key in waiting)

    def changed_since(self, seal: str) -> tuple[str, ...]:
        """Return the rows that wait, or waited, otherwise than a seal says."""
        shown, now = ({part for part in said.split() if ":" in part} for said in (seal, self.seal))
        keys = {part.rpartition(":")[0] for part in shown ^ now}
        return tuple(key for key, _ in self.keyed if key in keys)

    @property
    def lately(self) -> frozenset[str]:
        """The rows saved in the last minutes, by whomever: what a colleague gives is soon seen in the other's page."""
        since = self.now - LATELY
        fresh = [key for key, row in self.keyed if (mark := row.mark(self.number)) is not None and mark.at >= since]
        return frozenset(fresh[:MOST_LATELY])

    def after(self, key: str) -> str:
        """Return the next row that waits for points, from a row on, and from the top again; empty where none waits."""
        keys = [one for one, _ in self.keyed]
        start = keys.index(key) + 1 if key in keys else 0
        return next((one for one, row in (*self.keyed[start:], *self.keyed[:start]) if row.waits(self.number, *TO_DO)), "")
