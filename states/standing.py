"""How one item stands, derived from what was given so far: round-1 result, dispute, contestable, contested, final (rules sections 2–4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from states.items import Applicability
from states.results import final_of, total_of


@dataclass(frozen=True, slots=True)
class Graded:
    """One assignment of the item: what its body (or the named member) gave, and whether it is signed. Points in ten-thousandths."""

    assignment_id: int
    body: str
    """The body's code; empty for the council."""
    council: bool = False
    round1: int | None = None
    signed1: bool = False
    round2: int | None = None
    round2_round: int = 0
    """The explanation round in which round 2 was last given."""
    round2_at: datetime | None = None
    signed2: bool = False
    na_answer: str = ""
    flagged: bool = False
    ended: bool = False
    person_id: int | None = None
    """The member of the council it was given to by name."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One item with all that decides about it."""

    item_id: int
    case_id: int
    code: str
    maximum: int
    applicability: Applicability = Applicability.APPLICABLE
    self_scored: bool = True
    drafted: bool = False
    """The draft has points."""
    proved: bool = False
    """Evidence is attached, or a written explanation stands."""
    needs_confirmation: bool = False
    self_points: int | None = None
    grades: tuple[Graded, ...] = ()
    decision1: int | None = None
    decision2: int | None = None
    decision2_round: int = 0
    """The explanation round of the newest decision of round 2; also of one that gives no points, because it does not apply."""
    decision2_at: datetime | None = None
    questioned_round: int = 0
    reopened_round: int = 0
    explanation_round: int = 0
    """The case's running round; 0 before the first."""
    awaited: bool = False
    """The unit may still answer in the running round: nothing is sent, and the clock runs."""
    contested_round: int = 0
    """The newest round in which the unit sent an answer that contests it with a text, evidence or proposed inputs."""
    contested_at: datetime | None = None
    """When that answer was sent: what was given before it does not answer it."""
    stance: str = ""
    answered: bool = False
    """The explanation of its own round holds a text, evidence or proposed inputs."""
    sent: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is in numerator and maximum."""
        return self.applicability.counts

    @property
    def open_grades(self) -> tuple[Graded, ...]:
        """The assignments that still stand."""
        return tuple(grade for grade in self.grades if not grade.ended)

    @property
    def ungraded(self) -> bool:
        """Some open assignment has no round-1 points, and the council has not decided instead."""
        return self.counts and self.decision1 is None and any(grade.round1 is None for grade in self.open_grades)

    @property
    def unsigned(self) -> bool:
        """Some open assignment is graded but not signed, and the council has not decided instead."""
        return self.counts and self.decision1 is None and any(g.round1 is not None and not g.signed1 for g in self.open_grades)

    def stood_in_by(self, person_id: int | None) -> bool:
        """Whether this member of the council grades in the place of one of several bodies: blind to the others, as that body would be."""
        stands_in = any(grade.council and grade.person_id == person_id for grade in self.open_grades)
        return person_id is not None and len(self.open_grades) > 1 and stands_in

    @property
    def both_signed(self) -> bool:
        """Several bodies have all signed round 1 and read each other's points: from then on only the council changes round 1."""
        return self.counts and len(self.open_grades) > 1 and _all_signed1(self.open_grades)

    @property
    def differed(self) -> bool:
        """They differ, decided or not."""
        return self.both_signed and len({g.round1 for g in self.open_grades}) > 1

    @property
    def disputed(self) -> bool:
        """They differ, and the council has not decided yet."""
        return self.differed and self.decision1 is None

    @property
    def round1(self) -> int | None:
        """The result of round 1: the decision, else the one value all bodies signed."""
        if self.decision1 is not None:
            return self.decision1
        values = {grade.round1 for grade in self.open_grades}
        return values.pop() if len(values) == 1 and _all_signed1(self.open_grades) else None

    @property
    def own_round(self) -> int:
        """The explanation round the item belongs to: the one that a question or reopening named it for, else the first."""
        return max(self.questioned_round, self.reopened_round, 1)

    @property
    def contestable(self) -> bool:
        """Whether the unit may contest it: questioned, reopened, below the self-score, or a refused not-applicable."""
        named = max(self.questioned_round, self.reopened_round) > 0
        return named or self.applicability is Applicability.REFUSED or self._below_own_score

    @property
    def answerable(self) -> bool:
        """Whether it belongs to the running round (before the first: to the coming one)."""
        asked = self.contestable and (self.counts or self.reopened_round > 0)
        return asked and self.own_round == max(self.explanation_round, 1)

    @property
    def _below_own_score(self) -> bool:
        if not self.counts or self.round1 is None:
            return False
        own = self.self_points if self.self_scored else self.maximum
        return own is not None and self.round1 < own

    @property
    def contested(self) -> bool:
        """Contestable and answered with a text, evidence or proposed inputs, and sent; in whichever round: silence later unsays nothing."""
        return self.contestable and self.contested_round > 0

    @property
    def due_round(self) -> int:
        """The round since which a re-grade or decision is due: of the newest answer that contests it, or the reopening that named it."""
        return max(self.contested_round, self.reopened_round)

    @property
    def to_regrade(self) -> bool:
        """Whether round 2 has to give it a result: contested, or named by a reopening."""
        due = self.contested or self.reopened_round > 0
        return due and (self.counts or self.reopened_round > 0) and self.explanation_round >= self.due_round

    @property
    def awaits_answer(self) -> bool:
        """Whether the unit may still say something of it in the running round; bodies and council speak after that."""
        return self.awaited and self.answerable

    @property
    def regradable(self) -> bool:
        """Whether its bodies may re-grade it now: what an earlier round settled, or the council decided, stays as it is."""
        mendable = self.due_round == self.explanation_round and not self._decided_anew
        return self.counts and self.to_regrade and not self.awaits_answer and (self.round2_open or mendable)

    @property
    def round2_open(self) -> bool:
        """To re-grade, and neither decided since nor given one signed result by all its bodies."""
        if not self.to_regrade or self._decided_anew:
            return False
        return not self.open_grades or not self._regraded or len({grade.round2 for grade in self.open_grades}) > 1

    @property
    def _regraded(self) -> bool:
        return all(self.closed(g, second=True) for g in self.open_grades)

    def given_anew(self, own: Graded) -> bool:
        """Whether what a body gave in round 2 was given since it is due."""
        return own.round2 is not None and self._since(own.round2_round, own.round2_at)

    @property
    def _decided_anew(self) -> bool:
        return self.decision2_round > 0 and self._since(self.decision2_round, self.decision2_at)

    def _since(self, given_in: int, at: datetime | None) -> bool:
        """Whether something of a round and a moment answers what is due: the reopening's round, and the newest contest that was sent."""
        return given_in >= self.due_round and (self.contested_at is None or at is None or at >= self.contested_at)

    @property
    def both_signed2(self) -> bool:
        """Several bodies have all signed their newest round 2 and read each other's points."""
        return self.to_regrade and len(self.open_grades) > 1 and self._regraded

    @property
    def differed2(self) -> bool:
        """They differ, decided or not."""
        return self.both_signed2 and len({grade.round2 for grade in self.open_grades}) > 1

    def signed(self, own: Graded, *, second: bool) -> bool:
        """Whether a lead's signature stands on what a body gave in the running round; a council member's grade needs none."""
        return not own.council and self.closed(own, second=second)

    def closed(self, own: Graded, *, second: bool) -> bool:
        """Whether what was given in a round is finished: signed, and in round 2 given since it is due."""
        return own.signed2 and self.given_anew(own) if second else own.signed1

    def bound(self, own: Graded, *, second: bool) -> bool:
        """Whether nobody else can be named for it: its points are given, or round 2 asks for none."""
        return not self.round2_open or self.given_anew(own) if second else own.round1 is not None

    @property
    def round2_disputed(self) -> bool:
        """They differ, and the council has not decided since."""
        return self.round2_open and self.differed2

    @property
    def round2(self) -> int | None:
        """The one value all bodies signed in their newest round 2, if there is one."""
        values = {grade.round2 for grade in self.open_grades}
        return values.pop() if len(values) == 1 and all(grade.signed2 for grade in self.open_grades) else None

    @property
    def final(self) -> int | None:
        """The points that stand; not for an item that does not count. A re-grade of a later round supersedes an earlier decision."""
        if not self.counts:
            return None
        return final_of(self.result2, self.round2, self.decision1, self.round1)

    @property
    def result2(self) -> int | None:
        """What round 2 came to: the decision, unless its bodies have all re-graded after it."""
        later = self.round2 is not None and all(self._after_decision(grade) for grade in self.open_grades)
        return self.round2 if later or self.decision2 is None else self.decision2

    def _after_decision(self, own: Graded) -> bool:
        if own.round2_round != self.decision2_round or own.round2_at is None or self.decision2_at is None:
            return own.round2_round > self.decision2_round
        return own.round2_at > self.decision2_at


def total_and_maximum(items: Iterable[Standing], stage: str) -> tuple[int, int]:
    """Return the points of a stage ("self_points", "round1", "final") and the applicable maximum, both in ten-thousandths."""
    counting = [item for item in items if item.counts]
    return total_of(getattr(item, stage) for item in counting), sum(item.maximum for item in counting)


def _all_signed1(grades: tuple[Graded, ...]) -> bool:
    return bool(grades) and all(grade.signed1 and grade.round1 is not None for grade in grades)
