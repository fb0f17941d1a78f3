"""Random people at random times against the reference model: whatever is allowed happens in both, whatever is refused in neither, and
after every step the product's data breaks no invariant (security.md 4.1). Seeds that once found something are kept as examples."""

import shutil
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from models.session import make_engine, reading
from states.clocks import Clock
from states.items import Stance
from states.refusal import NotFound, Refused, Stale
from states.results import POINT
from tests.conftest import _empty
from tests.season import OPENED
from tests.small import ALL, BODIES, MAXIMUM, MEETING, OWN, REASON, SECRETARY, UNITS, Small, make_small
from tests.workflow.machine_model import Model
from workflow.calendar import calendar_of, explanation_ends
from workflow.deciding import exclude, question_by_council, readmit
from workflow.drafting import request_na
from workflow.explaining import Answer, save_explanation
from workflow.extending import extend
from workflow.invariants import violations
from workflow.move import move_batch
from workflow.signing import withdraw_sign_off
from workflow.standing import standings

ANSWERS = (Refused, NotFound, Stale)
units, codes, bodies = st.sampled_from(UNITS), st.sampled_from(ALL), st.sampled_from([*BODIES, ""])
shares = st.integers(0, 5)
MOMENT = timedelta(milliseconds=1)
"""No two things happen at once: what comes first is part of the rules."""


class SeasonMachine(RuleBasedStateMachine):
    """One season, played by whoever comes; `open_one` gives a fresh, empty database."""

    open_one: staticmethod

    @initialize(stage=st.sampled_from([4, 2, 3, 1, 5, 0]), late=st.booleans())
    def opened(self, stage, late):
        self.engine = self.open_one()
        self.season: Small = make_small(self.engine)
        self.season.name_graders("council.1")
        with reading(self.engine) as session:
            calendar = calendar_of(session, self.season.assessment().id)
            ends = {clock.value: calendar.until(clock) for clock in Clock}
        self.model = Model(OPENED, ends, UNITS)
        self.last = None
        for _ in range(stage):
            for unit in UNITS:
                self.carry_on(unit, 2 + stage % 3, contested=late and unit in UNITS[:2])
        if late:
            self.tick(24 * 22)
            self.close(UNITS[0])

    # doing a thing in both

    def both(self, expected, do):
        """Let the product do it and hold its answer against the model's."""
        try:
            do()
            done = True
        except ANSWERS as no:
            done, why = False, no
        assert done == expected, "the product did what the model refuses" if done else f"the product refused: {why!r}"
        self.model.now += MOMENT
        self.season.at(self.model.now)
        return done

    def act(self, local: str, do, *wanted, **more):
        """A function of the workflow as somebody."""

        def doing():
            with self.season.acting(local, proved=True) as (session, actor):
                do(session, actor, self.season.slug, *wanted, **more)

        return doing

    def explanation_end(self):
        with reading(self.engine) as session:
            from models.tables import Assessment

            return explanation_ends(session, session.get_one(Assessment, self.season.assessment().id))

    # the unit

    def save(self, unit: str, code: str, points: int | None):
        if points is not None:
            points = min(points, MAXIMUM[code])
        version = self.season.row(unit, code).version
        if self.both(self.model.save(unit, code, points), lambda: self.season.save(unit, code, points, version=version)):
            self.last = (False, lambda: self.season.save(unit, code, points, version=version))

    @rule(unit=units, code=codes, points=st.none() | shares)
    def type_a_score(self, unit, code, points):
        self.save(unit, code, points)

    @rule(unit=units, points=st.integers(3, 5))
    def fill_and_submit(self, unit, points):
        for code in OWN:
            self.save(unit, code, points)
        self.submit(unit)

    @rule(unit=units)
    def submit(self, unit):
        self.both(self.model.submit(unit), lambda: self.season.move(f"head.{unit.lower()}", unit, "submit", declared=True))

    @rule(unit=units)
    def recall(self, unit):
        self.both(self.model.recall(unit), lambda: self.season.move(f"head.{unit.lower()}", unit, "recall"))

    @rule(unit=units, code=codes)
    def ask_na(self, unit, code):
        version = self.season.row(unit, code).version
        asking = self.act(f"unit.{unit.lower()}", request_na, unit, code, "Không phát sinh.", version)
        if self.both(self.model.ask_na(unit, code), asking):
            self.last = (False, asking)

    @rule(unit=units, code=codes, stance=st.sampled_from(Stance))
    def explain(self, unit, code, stance):
        version = self.explained(unit, code)
        writing = self.act(f"unit.{unit.lower()}", save_explanation, unit, code, Answer(stance.value, REASON, version))
        self.both(self.model.explain(unit, code, stance.value), writing)

    def explained(self, unit, code):
        from sqlalchemy import select

        from models.tables import Explanation

        one = self.season.item(unit, code)
        with reading(self.engine) as session:
            query = select(Explanation.version).where(Explanation.item_id == one.item_id, Explanation.round == one.own_round)
            return session.scalar(query) or 0

    @rule(unit=units)
    def send(self, unit):
        self.both(self.model.send(unit), lambda: self.season.send(unit))

    @rule(unit=units)
    def accept(self, unit):
        self.both(self.model.accept(unit), lambda: self.season.accept(unit))

    # the bodies and the council

    def give(self, body: str, unit: str, code: str, points: int):
        if body == unit or not any(grade.body == body and grade.council == (body == "") for grade in self.season.item(unit, code).grades):
            return
        points, local = max(0, min(points, MAXIMUM[code])), f"grader.{body.lower()}" if body else "council.1"
        version = self.season.assignment(unit, code, body).version
        giving = lambda: self.season.give(local, unit, code, points, verdict="partly", version=version)  # noqa: E731
        if self.both(self.model.grade(body, unit, code, points), giving):
            self.last = (False, giving)

    @rule(body=bodies, unit=units, code=codes, points=st.integers(0, 10))
    def grade(self, body, unit, code, points):
        self.give(body, unit, code, points)

    @rule(unit=units, points=shares, apart=st.booleans())
    def grade_everything(self, unit, points, apart):
        for code in ALL:
            for grade in self.season.item(unit, code).open_grades:
                self.give(grade.body, unit, code, points + (apart and grade.body == "STC"))

    @rule()
    def sign_everything(self):
        for body, graded in BODIES.items():
            for code in graded:
                self.both(self.model.sign(body, code), lambda body=body, code=code: self.season.sign(body, [code]))

    @rule(body=st.sampled_from(list(BODIES)), code=codes)
    def withdraw(self, body, code):
        self.both(self.model.withdraw(body, code), self.act(f"lead.{body.lower()}", withdraw_sign_off, code))

    @rule(unit=units, code=codes, agree=st.booleans())
    def settle_request(self, unit, code, agree):
        for grade in self.season.item(unit, code).open_grades:
            if not grade.council:
                expected = self.model.answer_na(grade.body, unit, code, agree=agree)
                self.both(expected, lambda grade=grade: self.season.answer_na(grade.body, unit, code, agree=agree))
        self.both(self.model.confirm_na(unit, code, grant=agree), lambda: self.season.confirm_na(unit, code, grant=agree))

    @rule(unit=units, code=codes, points=shares)
    def decide(self, unit, code, points):
        self.both(self.model.decide(unit, code, points), lambda: self.season.decide(unit, code, points))

    @rule(unit=units)
    def settle_disputes(self, unit):
        for code in ("T.05", "T.06"):
            self.decide_one(unit, code)

    def decide_one(self, unit, code):
        self.both(self.model.decide(unit, code, MAXIMUM[code]), lambda: self.season.decide(unit, code, MAXIMUM[code]))

    @rule(unit=units, code=codes)
    def question(self, unit, code):
        expected = self.model.question(unit, code, self.explanation_end())
        self.both(expected, self.act("council.1", question_by_council, unit, code, "Vì sao?"))

    # secretariat and chair

    @rule(unit=units, days=st.integers(-1, 9))
    def send_back(self, unit, days):
        until = self.model.now + timedelta(days=days)
        sending = lambda: self.season.move(SECRETARY, unit, "send_back", reason="Thiếu.", until=until)  # noqa: E731
        self.both(self.model.send_back(unit, until), sending)

    @rule(unit=units)
    def close(self, unit):
        self.both(self.model.close(unit), lambda: self.season.close(unit))

    @rule()
    def release(self):
        self.both(self.model.release(), lambda: self.season.batch("release_round_1"))

    @rule()
    def request(self):
        self.both(self.model.request(self.explanation_end()), lambda: self.season.batch("request_explanation"))

    @rule()
    def finalise(self):
        self.both(self.model.finalise(), self.act("chair", move_batch, "finalise", MEETING))

    @rule(unit=units, code=codes)
    def reopen(self, unit, code):
        expected = self.model.reopen(unit, code, self.explanation_end())
        self.both(expected, lambda: self.season.move("chair", unit, "reopen", reason="Xem lại.", items=(code,)))

    @rule(unit=units, days=st.integers(0, 30))
    def extend(self, unit, days):
        until = self.model.now + timedelta(days=days)
        self.both(self.model.extend(unit, until), self.act(SECRETARY, extend, unit, until, "Mất điện."))

    @rule(unit=units)
    def exclude(self, unit):
        self.both(self.model.exclude(unit), self.act("chair", exclude, unit, "Giải thể."))

    @rule(unit=units)
    def readmit(self, unit):
        expected = self.model.files[unit].state != "published" and self.model.readmit(unit)
        self.both(expected, self.act("chair", readmit, unit, "Hoạt động trở lại."))

    @rule()
    def publish(self):
        self.both(self.model.publish(), self.season.publish)

    @rule(unit=units)
    def correct(self, unit):
        asked = self.season.decision("2/QĐ")
        about = {name: getattr(asked, name) for name in ("decision_number", "decision_on", "decision_document")}
        correcting = lambda: self.season.move("chair", unit, "correct", proved=True, reason="Cộng nhầm.", **about)  # noqa: E731
        self.both(self.model.correct(unit), correcting)

    # people who know what comes next

    @rule(unit=units, points=shares, contested=st.booleans())
    def carry_on(self, unit, points, contested):
        """Whatever has to be done for the case to come one state further, as far as it can be done now."""
        {
            "draft": self.hand_in_or_be_closed, "self_scored": self.grade_and_release, "round1_reviewed": self.ask_to_explain,
            "explanation_requested": self.answer_and_finalise, "round2_final": self.publish_or_reopen,
            "published": lambda unit, *_: self.correct(unit),
        }[self.model.files[unit].state](unit, points, contested)  # fmt: skip

    def hand_in_or_be_closed(self, unit, points, contested):
        if self.model.now >= self.model.files[unit].ends["self_score"]:
            if contested:
                self.close(unit)
                return
            self.extend(unit, 40)
        if points == 3:
            self.ask_na(unit, "T.01")
            self.ask_na(unit, "T.06")
        for code in OWN:
            if points != 3 or code not in {"T.01", "T.06"}:
                self.save(unit, code, points)
        self.submit(unit)

    def grade_and_release(self, unit, points, contested):
        for code in ALL:
            if self.model.files[unit].things[code].na == "requested":
                self.settle_request(unit, code, code == "T.06")
            for grade in self.season.item(unit, code).open_grades:
                self.give(grade.body, unit, code, points - contested * (grade.body != "STC"))
        self.sign_everything()
        if not contested or points % 2:
            self.settle_disputes(unit)
            self.release()

    def ask_to_explain(self, unit, points, contested):
        if contested and points % 2:
            self.question(unit, "T.03")
        self.request()

    def answer_and_finalise(self, unit, points, contested):
        contestable = [code for code in ALL if self.season.item(unit, code).answerable]
        for code in contestable:
            self.explain(unit, code, Stance.CONTEST if contested else Stance.AGREE)
        self.send(unit) if contestable else self.accept(unit)
        for code in ALL:
            for grade in self.season.item(unit, code).open_grades if self.season.item(unit, code).to_regrade else ():
                self.give(grade.body, unit, code, points + 1 + (grade.body == "STC"))
        self.sign_everything()
        self.settle_disputes(unit)
        self.finalise()

    def publish_or_reopen(self, unit, points, contested):
        if contested:
            self.reopen(unit, ALL[points])
            return
        for other, file in self.model.files.items():
            if file.state not in {"round2_final", "published"} and not file.excluded:
                self.exclude(other)
                break
        self.publish()

    @rule(code=codes, points=shares)
    def take_back_and_change(self, code, points):
        """A case that was handed in comes back, one item of it is changed, and it is handed in anew, or closed at last."""
        for unit, file in self.model.files.items():
            if file.state == "self_scored":
                self.recall(unit)
                self.send_back(unit, 2)
                self.save(unit, code, points)
                if points % 2:
                    self.tick(24 * 7)
                    self.close(unit)
                self.submit(unit)
                return

    def standing_at(self, *states):
        return [unit for unit, file in self.model.files.items() if file.state in states]

    @rule(points=shares)
    def release_before_signing(self, points):
        """Everything is graded, nobody has signed, and the secretariat is in a hurry."""
        for unit in self.standing_at("self_scored"):
            self.grade_everything(unit, points, apart=False)
        self.release()

    @rule(code=codes)
    def ask_after_agreement(self, code):
        """The head has agreed, a member still has a question, and the chair is in a hurry."""
        for unit in self.standing_at("round1_reviewed", "explanation_requested"):
            self.accept(unit)
            self.question(unit, code)
        self.finalise()

    # time, and people in a hurry

    @rule(hours=st.sampled_from([1, 24, 24 * 7, 24 * 22]))
    def tick(self, hours):
        self.model.now += timedelta(hours=hours)
        self.season.at(self.model.now)

    @rule()
    def retry_the_last_request(self):
        """The same form once more, as a second tab or an impatient hand sends it: nothing happens twice."""
        if self.last is not None:
            expected, do = self.last
            self.both(expected, do)

    # after every step

    def check_invariants(self, *_, **__):
        super().check_invariants(*_, **__)
        if hasattr(self, "model"):
            self.agree()

    def agree(self):
        with reading(self.engine) as session:
            from sqlalchemy import select

            from models.tables import Case, Organisation

            query = select(Case, Organisation.code).join(Organisation, Organisation.id == Case.unit_id)
            cases = {code: case for case, code in session.execute(query)}
            found = standings(session, [case.id for case in cases.values()])
            for unit, file in self.model.files.items():
                case = cases[unit]
                assert (case.state, case.excluded_at is not None, case.explanation_round) == (file.state, file.excluded, file.round), unit
                for one in found[case.id]:
                    thing = file.things[one.code]
                    stands = (one.applicability.value, one.self_points, one.round1, one.final, one.contested, one.round2_open)
                    expected = (
                        thing.na, points(thing.own), points(thing.round1), points(thing.final), thing.contested, thing.open2(file.round),
                    )  # fmt: skip
                    assert stands == expected, (unit, one.code)
            assert [str(violation) for violation in violations(session)] == []

    def teardown(self):
        if hasattr(self, "engine"):
            self.engine.dispose()


def points(whole: int | None) -> int | None:
    return None if whole is None else whole * POINT


@pytest.fixture(params=[pytest.param("sqlite", marks=pytest.mark.sqlite), pytest.param("postgres", marks=pytest.mark.postgres)])
def fresh(request, tmp_path):
    """A function that gives an engine on an empty database, as often as asked."""
    made = iter(range(10**9))
    if request.param == "sqlite":
        migrated = request.getfixturevalue("_sqlite_of_worker")

        def on_sqlite():
            path = tmp_path / f"{next(made)}.sqlite"
            shutil.copy(migrated, path)
            return make_engine(f"sqlite:///{path}")

        return on_sqlite
    url = request.getfixturevalue("_postgres_of_worker")

    def on_postgres():
        import psycopg

        with psycopg.connect(url) as connection:
            _empty(connection)
        return make_engine(url)

    return on_postgres


def played(fresh, **how):
    machine = type("Machine", (SeasonMachine,), {"open_one": staticmethod(fresh)})
    quiet = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    run_state_machine_as_test(machine, settings=settings(deadline=None, suppress_health_check=quiet, print_blob=True, **how))


@pytest.mark.long
def test_a_short_season_of_random_people(fresh):
    played(fresh, max_examples=14, stateful_step_count=12, derandomize=True, database=None, phases=[Phase.generate])


@pytest.mark.soak
def test_long_seasons_of_random_people(fresh):
    played(fresh, max_examples=60, stateful_step_count=40)
