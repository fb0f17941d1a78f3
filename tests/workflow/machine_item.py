"""The reference model's half about one item: how it stands after whatever was given, answered and decided (see `machine_model`)."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

MAXIMUM = {"T.01": 5, "T.02": 5, "T.03": 5, "T.04": 5, "T.05": 10, "T.06": 10}
MEASURED = "T.04"
NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass
class Mark:
    """What one grader gave on one item, in either round."""

    first: int | None = None
    signed1: bool = False
    second: int | None = None
    given_in: int = 0
    given_at: datetime = NEVER
    signed2: bool = False
    agrees: bool | None = None


@dataclass
class Thing:
    """One item of one case."""

    code: str
    marks: dict[str, Mark]
    draft: int | None = None
    text: bool = False
    asked: bool = False
    na: str = "applicable"
    said: tuple[object, ...] | None = None
    own: int | None = None
    decision1: int | None = None
    decision2: int | None = None
    decided_in: int = 0
    decided_at: datetime = NEVER
    contested_at: datetime = NEVER
    questioned: int = 0
    reopened: int = 0
    answers: dict[int, list[object]] = field(default_factory=dict)

    @property
    def counts(self) -> bool:
        return self.na != "not_applicable"

    @property
    def round1(self) -> int | None:
        if self.decision1 is not None:
            return self.decision1
        given = {mark.first if mark.signed1 else None for mark in self.marks.values()}
        return given.pop() if len(given) == 1 else None

    @property
    def differ1(self) -> bool:
        return self.counts and all(m.signed1 for m in self.marks.values()) and len({m.first for m in self.marks.values()}) > 1

    @property
    def both1(self) -> bool:
        return self.counts and len(self.marks) > 1 and all(m.signed1 for m in self.marks.values())

    def both2(self, round_now: int) -> bool:
        return self.regraded(round_now) and len(self.marks) > 1 and self._fresh()

    @property
    def waits(self) -> bool:
        return self.counts and self.round1 is None and bool(self.marks)

    @property
    def of_round(self) -> int:
        return max(self.questioned, self.reopened, 1)

    @property
    def contestable(self) -> bool:
        limit = MAXIMUM[self.code] if self.code == MEASURED else self.own
        below = self.counts and self.round1 is not None and limit is not None and self.round1 < limit
        return below or self.questioned > 0 or self.reopened > 0 or self.na == "refused"

    @property
    def contested_in(self) -> int:
        return max((number for number, answer in self.answers.items() if answer == ["contest", True]), default=0)

    @property
    def contested(self) -> bool:
        return self.contestable and self.contested_in > 0

    @property
    def due(self) -> int:
        return max(self.contested_in, self.reopened)

    def regraded(self, round_now: int) -> bool:
        """Whether round 2 is about this item."""
        return (self.contested and self.counts) or self.reopened > 0

    def regradable(self, round_now: int) -> bool:
        """Whether its bodies may speak: not of what an earlier round settled, or the council decided since."""
        mendable = self.due == round_now and not self.answered_by(self.decided_in, self.decided_at)
        return self.counts and self.regraded(round_now) and (self.open2(round_now) or mendable)

    def answered_by(self, given_in: int, at: datetime) -> bool:
        """Whether what was said in a round, at a moment, comes after all it has to answer."""
        return given_in > 0 and given_in >= self.reopened and at >= self.contested_at

    def differ2(self, round_now: int) -> bool:
        return self.regraded(round_now) and self._fresh() and len({mark.second for mark in self.marks.values()}) > 1

    def _fresh(self) -> bool:
        return all(mark.signed2 and self.answered_by(mark.given_in, mark.given_at) for mark in self.marks.values())

    def open2(self, round_now: int) -> bool:
        if not self.regraded(round_now) or self.answered_by(self.decided_in, self.decided_at):
            return False
        return not self.marks or not self._fresh() or self.differ2(round_now)

    @property
    def final(self) -> int | None:
        if not self.counts:
            return None
        second = {mark.second if mark.signed2 else None for mark in self.marks.values()}
        agreed = second.pop() if len(second) == 1 else None
        newest = min(((mark.given_in, mark.given_at) for mark in self.marks.values()), default=(0, NEVER))
        if self.decision2 is not None and (agreed is None or newest < (self.decided_in, self.decided_at)):
            return self.decision2
        return agreed if agreed is not None else self.round1
