from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from web import charts

points = st.integers(0, 3_000_000)


def test_share_is_held_between_nothing_and_all():
    assert charts.share(1, 3) == 33.33
    assert charts.share(5, 4) == 100
    assert charts.share(-1, 4) == 0
    assert charts.share(1, 0) == 0


def test_place_lies_between_two_ends():
    assert charts.place(4.74, 4, 5) == 74
    assert charts.place(3, 4, 5) == 0


def test_stack_lays_groups_end_to_end_and_keeps_their_numbers():
    first, third = charts.stack([25, None, 50, 0], 100)
    assert (first.number, first.x, first.width) == (1, 0, 25)
    assert (third.number, third.x, third.width) == (3, 25, 50)


@given(st.lists(points, max_size=8), st.integers(1, 3_000_000))
def test_stack_never_runs_over_the_end(values, whole):
    for one in charts.stack(values, whole):
        assert 0 <= one.x <= one.x + one.width <= 100.01


def test_stack_of_states_shows_a_lone_case_among_many():
    (draft, few), (submitted, many) = charts.stack_of_states([("draft", 1), ("self_scored", 142), ("published", 0)])
    assert (draft, submitted) == ("draft", "self_scored")
    assert few.width >= 1.1
    assert few.width + many.width == pytest.approx(100, abs=0.02)
    assert charts.stack_of_states([("draft", 0)]) == []


@pytest.mark.parametrize(("part", "step"), [(0, 1), (12.4, 1), (12.5, 2), (50, 5), (99, 8), (100, 8), (140, 8), (-3, 1)])
def test_heat_has_eight_steps(part, step):
    assert charts.heat_step(part) == step


def test_heat_of_nothing_is_cold():
    assert charts.heat_step(3, 0) == 1


def test_histogram_counts_every_value_once_and_marks_what_lies_far():
    values = [94, 94, 95, 95, 96, 96, 97, 97, 98, 100, 51]
    columns = charts.histogram(values, 50, 100, bins=25)
    assert sum(column.count for column in columns) == len(values)
    assert columns[0].far
    assert not any(column.far for column in columns[1:])
    assert max(column.height for column in columns) == 100
    assert all(column.y + column.height == pytest.approx(100) for column in columns)
    assert charts.histogram([], 0, 1) == []


def test_where_nearly_all_are_equal_the_crowd_is_not_far_from_itself():
    columns = charts.histogram([5.0] * 97 + [1.0, 2.5], 0, 5)
    assert [(column.count, column.far) for column in columns] == [(1, True), (1, True), (97, False)]
    assert [column.far for column in charts.histogram([0.0] * 9, 0, 5)] == [False]


def test_median_and_quantile_lie_between_neighbours():
    assert charts.median([1, 9, 4]) == 4
    assert charts.median([1, 2, 3, 4]) == 2.5
    assert charts.median([]) == 0
    assert charts.quantile([0, 10], 0.25) == 2.5


def test_fences_of_equal_values_are_those_values():
    assert charts.fences([5, 5, 5]) == (5, 5)
    assert charts.fences([]) == (0, 0)


def test_steps_climb_from_the_ground_to_the_top():
    drawn = charts.steps([("24/11", 0), ("25/11", 70), ("26/11", 143)], 143)
    assert drawn.line.startswith("M0 1000V1000H333.333")
    assert drawn.line.endswith("V0H1000")
    assert drawn.area.endswith("V1000H0Z")
    assert drawn.rules == ((100, 0), (65.03, 50), (30.07, 100), (0, 143))
    assert [label for _, label in drawn.ticks] == ["24/11", "25/11", "26/11"]
    assert [place for place, _ in drawn.ticks] == [0, 50, 100]


@pytest.mark.parametrize("top", [1, 2, 7, 17, 126, 143, 5000])
def test_rules_are_few_and_end_at_the_top(top):
    rules = charts.steps([("a", 0), ("b", top)], top).rules
    assert len(rules) <= 5
    assert rules[-1] == (0, top)


def test_steps_of_no_day_draw_nothing():
    assert charts.steps([], 143).line == ""


def test_templates_learn_the_filters_and_the_geometry():
    app = Flask(__name__, template_folder=str(Path(__file__).parent))
    charts.install(app.jinja_env)
    drawn = app.jinja_env.from_string("{{ 48400 | points }} {{ 12480 | quantity }} {{ 9674 | percent }} {{ charts.share(1, 4) }}")
    assert drawn.render() == "4,84 12.480 96,74% 25.0"
