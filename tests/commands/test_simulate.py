import pytest
from sqlalchemy import text

from models.session import reading
from tests.commands.conftest import CATALOGUE

PLAYED = 3
DEPARTMENTS = 17
"""The first cases: among them those of the bodies, with the re-routed and the joint indicators."""
STATES = 'select o.code, c.state from "case" c join organisation o on o.id = c.unit_id order by c.id'


@pytest.fixture
def opened(installed, calendar):
    """Return the command runner with a fresh assessment of 143 units."""
    installed("catalogue", "import", CATALOGUE)
    installed("assessment", "open", "--catalogue", "hanoi-5279-2025", "--year", "2025", "--calendar", calendar)
    return installed


@pytest.fixture
def states(engine):
    def read():
        with reading(engine) as session:
            return dict(session.execute(text(STATES)).all())

    return read


def simulate(run, until, *more):
    return run("simulate", "--assessment", "2025", "--until", until, *more)


def test_some_cases_go_on_from_where_they_stand_and_the_kept_one_stays(opened, states, monkeypatch):
    assert simulate(opened, "self_scored", "--cases", PLAYED).code == 0
    first, second, third, *rest = states()
    before = states()
    assert [before[unit] for unit in (first, second, third)] == ["self_scored"] * 3
    real = simulate(opened, "round2_final", "--cases", PLAYED)
    assert (real.code, "đã có người làm việc" in real.err) == (1, True)
    assert states() == before, "nothing plausible gets into a year that people work in"

    monkeypatch.setenv("THAMDINH_DEMO", "1")
    told = simulate(opened, "round2_final", "--cases", PLAYED, "--except", first)
    assert told.code == 0, told
    assert "2 hồ sơ đã đến nơi, 0 còn lại" in told.out
    assert states() == before | {second: "round2_final", third: "round2_final"}
    assert {before[unit] for unit in rest} == {"draft"}
    assert opened("audit", "verify").code == 0
    assert opened("invariants").code == 0


@pytest.mark.parametrize("seed", [2, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(3, 9))])
def test_whatever_the_seed_the_bodies_own_cases_come_through_round_1(opened, states, seed):
    told = simulate(opened, "round1_reviewed", "--cases", DEPARTMENTS, "--seed", seed)
    assert told.code == 0, told
    assert list(states().values())[:DEPARTMENTS] == ["round1_reviewed"] * DEPARTMENTS


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("published", "--except", "00004"), "bỏ --except"),
        (("published", "--cases", "2"), "bỏ --except"),
        (("self_scored", "--except", "99999"), "mã “99999”"),
    ],
)
def test_what_cannot_be_played_is_refused_before_anything_is_written(opened, states, words, said):
    told = simulate(opened, *words)
    assert (told.code, said in told.err) == (1, True), told
    assert set(states().values()) == {"draft"}


def test_an_assessment_that_is_not_there_is_refused(installed):
    told = installed("simulate", "--assessment", "2031", "--until", "draft")
    assert (told.code, "2031" in told.err) == (1, True)
