"""A small reference model of the assessment, written from the rules alone: it imports nothing of the product.

Every verb says whether it is done (and then does it) or refused. Points are whole; a grader is a body's code, "" for the named member.
"""

from datetime import datetime

from tests.workflow.machine_case import EXPLAIN, FINAL, REVIEW, Cases, File
from tests.workflow.machine_item import MEASURED, Thing

SECRETARIAT = "SKHCN"


class Model(Cases):
    """What units, secretariat and chair do."""

    # the unit

    def save(self, unit: str, code: str, points: int | None) -> bool:
        file = self._in(unit, "draft")
        if file is None or self._over(file, "self_score") or code == MEASURED:
            return False
        thing = file.things[code]
        thing.draft, thing.text = points, True
        if points is not None and thing.na in {"requested", "refused"}:
            thing.na, thing.asked = "applicable", False
        return True

    def ask_na(self, unit: str, code: str) -> bool:
        file = self._in(unit, "draft")
        if file is None or self._over(file, "self_score") or not file.things[code].counts:
            return False
        file.things[code].na, file.things[code].asked = "requested", True
        return True

    def submit(self, unit: str) -> bool:
        file = self._in(unit, "draft")
        if file is None or self._over(file, "self_score"):
            return False
        own = [one for one in file.things.values() if one.code != MEASURED and one.na not in {"requested", "not_applicable"}]
        if any(one.draft is None for one in own):
            return False
        file.hand_in()
        return True

    def recall(self, unit: str) -> bool:
        file = self._in(unit, "self_scored")
        return file is not None and not self._over(file, "self_score") and file.change(state="draft")

    def send_back(self, unit: str, until: datetime) -> bool:
        file = self._in(unit, "self_scored")
        if file is None or unit == SECRETARIAT or until <= self.now:
            return False
        file.state, file.ends["self_score"] = "draft", until
        return True

    def close(self, unit: str) -> bool:
        file = self._in(unit, "draft")
        if file is None or unit == SECRETARIAT or not self._over(file, "self_score"):
            return False
        for code, (draft, text, asked, na) in (file.kept or {}).items():
            thing = file.things[code]
            thing.draft, thing.text, thing.asked = draft, text, asked
            thing.na = thing.na if thing.na in {"not_applicable", "refused"} else na
        file.frozen = True
        file.hand_in()
        return True

    def explain(self, unit: str, code: str, stance: str) -> bool:
        file = self._in(unit, REVIEW, EXPLAIN)
        thing = self.files[unit].things[code]
        if file is None or not self._may_answer(file) or not self._asked(file, thing):
            return False
        thing.answers[thing.of_round] = [stance, False]
        return True

    def _asked(self, file: File, thing: Thing) -> bool:
        named = thing.counts or thing.reopened > 0
        return thing.contestable and named and thing.of_round == max(file.round, 1)

    def _may_answer(self, file: File) -> bool:
        late = file.state == EXPLAIN and self._over(file, "explanation")
        return not (file.sent or file.accepted or late)

    def send(self, unit: str) -> bool:
        file = self._in(unit, EXPLAIN)
        if file is None or not self._may_answer(file):
            return False
        prepared = [(thing, thing.answers[file.round]) for thing in file.things.values() if file.round in thing.answers]
        for thing, answer in prepared:
            answer[1] = True
            thing.contested_at = self.now if answer[0] == "contest" else thing.contested_at
        file.sent = bool(prepared)
        return file.sent

    def accept(self, unit: str) -> bool:
        file = self._in(unit, REVIEW, EXPLAIN)
        return file is not None and self._may_answer(file) and file.change(accepted=True, sent=file.state == EXPLAIN)

    # secretariat and chair

    def release(self) -> bool:
        ready = [
            file for file in self.files.values()
            if self._in(file.unit, "self_scored") and not any(one.waits or one.na == "requested" for one in file.things.values())
        ]  # fmt: skip
        for file in ready:
            file.state = REVIEW
        return bool(ready)

    def request(self, ends: datetime) -> bool:
        ready = [file for file in self.files.values() if self._in(file.unit, REVIEW)]
        for file in ready:
            file.start_round(ends)
            file.change(accepted=file.accepted and file.round == 1, state=EXPLAIN)
        return bool(ready)

    def finalise(self) -> bool:
        ready = [file for file in self.files.values() if self._in(file.unit, REVIEW, EXPLAIN) and self._finished(file)]
        for file in ready:
            file.state = FINAL
        return bool(ready)

    def _finished(self, file: File) -> bool:
        if file.state == REVIEW:
            return file.accepted
        over = file.sent or file.accepted or self._over(file, "explanation")
        return over and not any(one.open2(file.round) for one in file.things.values())

    def reopen(self, unit: str, code: str, ends: datetime) -> bool:
        file = self._in(unit, FINAL)
        if file is None or file.correcting or (file.frozen and code != MEASURED and file.things[code].own is None):
            return False
        file.round = max(file.round, 1)
        file.start_round(ends)
        file.things[code].reopened = file.round
        return file.change(accepted=False, state=EXPLAIN)

    def extend(self, unit: str, until: datetime) -> bool:
        file = self._in(unit, "draft", "self_scored", EXPLAIN)
        if file is None or unit == SECRETARIAT or (file.state == EXPLAIN and (file.sent or file.accepted)):
            return False
        clock = {"draft": "self_score", "self_scored": "round_1", EXPLAIN: "explanation"}[file.state]
        if until <= self.now or until <= file.ends[clock]:
            return False
        file.ends[clock] = until
        return True

    def exclude(self, unit: str) -> bool:
        file = self._in(unit, "draft", "self_scored", REVIEW, EXPLAIN, FINAL)
        return file is not None and not file.correcting and file.change(excluded=True)

    def readmit(self, unit: str) -> bool:
        file = self.files[unit]
        done, file.excluded = file.excluded, False
        return done

    def publish(self) -> bool:
        if any(file.state not in {FINAL, "published"} and not file.excluded for file in self.files.values()):
            return False
        for file in self.files.values():
            if self._in(file.unit, FINAL):
                file.state, file.correcting = "published", False
        return True

    def correct(self, unit: str) -> bool:
        file = self._in(unit, "published")
        return file is not None and file.change(state=FINAL, correcting=True)
