"""The reference model's half about one case, and the bodies and the council at work on its items (see `machine_model`)."""

from dataclasses import dataclass
from datetime import datetime

from tests.workflow.machine_item import MEASURED, Mark, Thing

BODIES = {
    "T.01": ("SKHCN",), "T.02": ("CATP",), "T.03": ("STC",), "T.04": ("CATP",), "T.05": ("SKHCN", "CATP"), "T.06": ("CATP", "STC"),
}  # fmt: skip
SECRETARIAT = "SKHCN"
REVIEW, EXPLAIN, FINAL = "round1_reviewed", "explanation_requested", "round2_final"


@dataclass
class File:
    """One case."""

    unit: str
    things: dict[str, Thing]
    ends: dict[str, datetime]
    state: str = "draft"
    round: int = 0
    sent: bool = False
    accepted: bool = False
    excluded: bool = False
    frozen: bool = False
    correcting: bool = False
    kept: dict[str, tuple[int | None, bool, bool, str]] | None = None

    def hand_in(self) -> None:
        """One entry per item; what changed since the last time loses its grades."""
        for thing in self.things.values():
            said = (thing.draft, thing.text, thing.asked)
            if thing.said not in {None, said}:
                for mark in thing.marks.values():
                    mark.first, mark.signed1, mark.agrees = None, False, None
                thing.decision1 = None
            thing.said = said
            thing.own = 0 if thing.na in {"requested", "refused"} else thing.draft
            if thing.code == MEASURED or not thing.counts:
                thing.own = None
        self.state = "self_scored"
        self.kept = {code: (one.draft, one.text, one.asked, one.na) for code, one in self.things.items()}

    def change(self, **values: object) -> bool:
        for name, value in values.items():
            setattr(self, name, value)
        return True

    def start_round(self, ends: datetime) -> None:
        """A new explanation round with its clock."""
        self.round, self.sent, self.ends["explanation"] = self.round + 1, False, ends


class Cases:
    """All cases and the clock; `ends` says when the clocks of all run out (how working days are counted is proved elsewhere)."""

    def __init__(self, now: datetime, ends: dict[str, datetime], units: tuple[str, ...]) -> None:
        self.now, self.ends = now, ends
        self.files = {
            unit: File(
                unit,
                {code: Thing(code, {"" if body == unit else body: Mark() for body in bodies}) for code, bodies in BODIES.items()},
                dict(ends),
            )
            for unit in units
        }

    def _in(self, unit: str, *states: str) -> File | None:
        file = self.files[unit]
        return file if file.state in states and not file.excluded else None

    def _over(self, file: File, clock: str) -> bool:
        return self.now >= file.ends[clock]

    def _awaited(self, file: File) -> bool:
        return file.state == EXPLAIN and not (file.sent or file.accepted or self._over(file, "explanation"))

    def _unit_first(self, file: File, thing: Thing) -> bool:
        named = thing.counts or thing.reopened > 0
        return self._awaited(file) and thing.contestable and named and thing.of_round == file.round

    def _regradable(self, file: File, thing: Thing) -> bool:
        return thing.regradable(file.round) and not self._unit_first(file, thing)

    def grade(self, body: str, unit: str, code: str, points: int) -> bool:
        file, thing = self._in(unit, "self_scored", EXPLAIN), self.files[unit].things[code]
        if file is None or body not in thing.marks or not thing.counts:
            return False
        mark, named = thing.marks[body], body == ""
        if file.state == "self_scored":
            if thing.both1:
                return False
            mark.first, mark.signed1 = points, named
            return True
        if not self._regradable(file, thing) or thing.both2(file.round) or (thing.round1 is not None and points < thing.round1):
            return False
        mark.second, mark.given_in, mark.given_at, mark.signed2 = points, file.round, self.now, named
        return True

    def _signable(self, body: str, code: str):
        for file in self.files.values():
            thing = file.things[code]
            if body in thing.marks and thing.counts and self._in(file.unit, "self_scored", EXPLAIN):
                yield file, thing, thing.marks[body]

    def sign(self, body: str, code: str) -> bool:
        done = False
        for file, thing, mark in self._signable(body, code):
            if file.state == "self_scored" and mark.first is not None and not mark.signed1:
                mark.signed1 = done = True
            if file.state == EXPLAIN and mark.second is not None and not mark.signed2 and not self._unit_first(file, thing):
                mark.signed2 = done = True
        return done

    def withdraw(self, body: str, code: str) -> bool:
        chosen = [(file.state, mark) for file, thing, mark in self._signable(body, code) if self._may_take_back(file, thing, mark)]
        for state, mark in chosen:
            setattr(mark, "signed1" if state == "self_scored" else "signed2", False)
        return bool(chosen)

    def _may_take_back(self, file: File, thing: Thing, mark: Mark) -> bool:
        if file.state == "self_scored":
            return mark.signed1 and not thing.both1
        fresh = thing.answered_by(mark.given_in, mark.given_at)
        return mark.signed2 and fresh and not thing.both2(file.round) and self._regradable(file, thing)

    def answer_na(self, body: str, unit: str, code: str, *, agree: bool) -> bool:
        file, thing = self._in(unit, "self_scored"), self.files[unit].things[code]
        if file is None or body not in thing.marks or thing.na != "requested":
            return False
        thing.marks[body].agrees = agree
        return True

    def confirm_na(self, unit: str, code: str, *, grant: bool) -> bool:
        file, thing = self._in(unit, "self_scored"), self.files[unit].things[code]
        if file is None or thing.na != "requested" or (grant and any(m.agrees is not True for body, m in thing.marks.items() if body)):
            return False
        thing.na = "not_applicable" if grant else "refused"
        if grant:
            thing.marks = {}
        return True

    def decide(self, unit: str, code: str, points: int) -> bool:
        file, thing = self._in(unit, "self_scored", EXPLAIN, FINAL), self.files[unit].things[code]
        if file is None or not self._ripe(file, thing):
            return False
        if file.state == "self_scored":
            thing.decision1 = points
            return True
        if file.state == EXPLAIN and thing.round1 is not None and points < thing.round1:
            return False
        thing.decision2, thing.decided_in, thing.decided_at = points, max(file.round, 1), self.now
        thing.na = "applicable" if thing.na == "not_applicable" else thing.na  # put back
        return True

    def _ripe(self, file: File, thing: Thing) -> bool:
        if file.state == FINAL:
            return file.correcting
        if file.state == "self_scored":
            left = thing.waits and not thing.differ1
            return thing.both1 or (left and self._over(file, "round_1")) or thing.decision1 is not None
        why = (
            thing.differ2(file.round) and thing.open2(file.round), 0 < thing.reopened == thing.due,
            thing.na == "refused" and thing.contested, self._over(file, "round_2") or not thing.marks,
            thing.decision2 is not None or thing.both2(file.round),
        )  # fmt: skip
        ripe = thing.regraded(file.round) and not self._unit_first(file, thing) and any(why)
        return ripe and (thing.open2(file.round) or thing.due == file.round)

    def question(self, unit: str, code: str, ends: datetime) -> bool:
        file, thing = self._in(unit, REVIEW, EXPLAIN), self.files[unit].things[code]
        if file is None or not thing.counts or (file.frozen and code != MEASURED and thing.own is None):
            return False
        if self._awaited(file) and thing.questioned == file.round:
            return True  # asked already, and not answered yet
        if self._awaited(file):
            file.ends["explanation"] = max(ends, file.ends["explanation"])
        elif file.state == EXPLAIN:
            file.start_round(ends)
        file.accepted = False
        thing.questioned = max(file.round, 1)
        return True
