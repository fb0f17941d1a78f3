"""Every kind of rule: what it asks, what it earns, what it says, and what it refuses."""

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.refusal import Refused
from workflow.numbers import POINT
from workflow.scoring import KINDS, parse_rule, rule_as_json

FIVE = 5 * POINT
HOUSEHOLDS = {"kind": "ratio", "a": "Số hộ được phủ mạng cáp quang", "b": "Tổng số hộ trên địa bàn", "unit": "hộ"}
TABLES = {
    "yes_no": {"kind": "yes_no", "question": "Đã thành lập chưa?"},
    "levels": {
        "kind": "levels",
        "question": "Trưởng ban là ai?",
        "levels": [{"points": 5, "label": "Chủ tịch"}, {"points": Decimal("2.5"), "label": "Phó Chủ tịch"}, {"points": 0, "label": "Khác"}],
    },
    "parts": {"kind": "parts", "question": "Đã làm gì?", "parts": [{"points": 2, "label": "Họp"}, {"points": 3, "label": "Kế hoạch"}]},
    "ratio": HOUSEHOLDS,
    "steps": {"kind": "steps", "a": "Số kỳ họp", "unit": "kỳ", "steps": [{"at_least": 4, "points": 5}, {"at_least": 1, "points": "1.25"}]},
    "count_cap": {"kind": "count_cap", "a": "Số lớp", "unit": "lớp", "each": Decimal("0.5")},
    "manual": {"kind": "manual", "weighing": "Mức độ đáp ứng của máy tính, mạng, phần mềm."},
}


@pytest.fixture(params=sorted(TABLES))
def rule(request):
    return parse_rule(TABLES[request.param])


def test_the_list_of_kinds_is_closed():
    assert set(KINDS) == set(TABLES)


@pytest.mark.parametrize(
    ("kind", "inputs", "points", "line"),
    [
        ("yes_no", {"answer": "yes"}, 50_000, "Có"),
        ("yes_no", {"answer": True}, 50_000, "Có"),
        ("yes_no", {"answer": "no"}, 0, "Không"),
        ("levels", {"level": "2"}, 25_000, "Phó Chủ tịch"),
        ("levels", {"level": "3"}, 0, "Khác"),
        ("parts", {"parts": ["1", "2"]}, 50_000, "2 + 3"),
        ("parts", {"parts": ["2"]}, 30_000, "3"),
        ("parts", {"parts": "1"}, 20_000, "2"),
        ("parts", {"parts": ["0"]}, 0, "Không đạt nội dung nào"),
        ("ratio", {"a": "12.480", "b": "12 900"}, 48_400, "12.480 ÷ 12.900 = 96,74% × 5"),
        ("ratio", {"a": "0", "b": "12900"}, 0, "0 ÷ 12.900 = 0,00% × 5"),
        ("steps", {"a": "5"}, 50_000, "5 kỳ"),
        ("steps", {"a": "4"}, 50_000, "4 kỳ"),
        ("steps", {"a": "3"}, 12_500, "3 kỳ"),
        ("steps", {"a": "0"}, 0, "0 kỳ"),
        ("count_cap", {"a": "7"}, 35_000, "7 lớp × 0,5"),
        ("count_cap", {"a": "1.000"}, 50_000, "1.000 lớp × 0,5"),
        ("manual", {"points": "4,8"}, 48_000, "4,8"),
        ("manual", {"points": "4.845"}, 48_500, "4,845"),
    ],
)
def test_what_inputs_earn_of_five_points(kind, inputs, points, line):
    outcome = parse_rule(TABLES[kind]).score(inputs, FIVE)
    assert (outcome.points, str(outcome.line)) == (points, line)
    assert not outcome.not_applicable_question


@pytest.mark.parametrize(
    ("kind", "inputs", "place", "said"),
    [
        ("yes_no", {}, "answer", "Chưa chọn"),
        ("yes_no", {"answer": "maybe"}, "answer", "maybe"),
        ("levels", {"level": "4"}, "level", "“4”"),
        ("levels", {"level": "__class__"}, "level", "__class__"),
        ("parts", {"parts": []}, "parts", "Chưa chọn"),
        ("parts", {}, "parts", "Chưa chọn"),
        ("parts", {"parts": ["0", "1"]}, "parts", "không đạt nội dung nào"),
        ("parts", {"parts": ["9"]}, "parts", "“9”"),
        ("ratio", {"a": "13000", "b": "12900"}, "a", "không được lớn hơn"),
        ("ratio", {"a": "12,480", "b": "12900"}, "a", "Viết 12480"),
        ("ratio", {"a": "-1", "b": "12900"}, "a", "âm"),
        ("ratio", {"a": "1", "b": ""}, "b", "Chưa nhập"),
        ("steps", {"a": "2,5"}, "a", "số nguyên"),
        ("count_cap", {"a": "nhiều"}, "a", "nhiều"),
        ("manual", {"points": "5,01"}, "points", "vượt điểm tối đa 5"),
        ("manual", {"points": "-1"}, "points", "âm"),
        ("manual", {"points": "1,00001"}, "points", "thập phân"),
    ],
)
def test_what_is_refused_is_refused_at_its_field(kind, inputs, place, said):
    with pytest.raises(Refused) as refused:
        parse_rule(TABLES[kind]).score(inputs, FIVE)
    (problem,) = refused.value.problems
    assert problem.place == place
    assert said in str(problem)


def test_all_wrong_inputs_are_told_at_once():
    with pytest.raises(Refused) as refused:
        parse_rule(HOUSEHOLDS).score({"a": "x", "b": ""}, FIVE)
    assert [problem.place for problem in refused.value.problems] == ["a", "b"]


@pytest.mark.parametrize("kind", ["ratio", "steps"])
def test_nothing_to_count_is_a_question_and_no_error(kind):
    table = HOUSEHOLDS if kind == "ratio" else TABLES["steps"] | {"b": "Tổng số kỳ"}
    outcome = parse_rule(table).score({"a": "0", "b": "0"}, FIVE)
    assert outcome.not_applicable_question
    assert outcome.points is None
    assert str(outcome.line) == "0 ÷ 0"
    assert outcome.inputs == {"a": "0", "b": "0"}


def test_a_target_gives_full_points_from_there_on():
    rule = parse_rule(HOUSEHOLDS | {"target": 80})
    assert rule.score({"a": "80", "b": "100"}, FIVE).points == FIVE
    assert rule.score({"a": "99", "b": "100"}, FIVE).points == FIVE
    below = rule.score({"a": "60", "b": "100"}, FIVE)
    assert (below.points, str(below.line)) == (37_500, "60 ÷ 100 = 60,00% ÷ 80,00% × 5")


def test_a_may_exceed_a_norm_but_not_a_whole():
    assert parse_rule(HOUSEHOLDS | {"may_exceed": True}).score({"a": "120", "b": "100"}, FIVE).points == FIVE


def test_money_may_have_decimals_where_the_rule_says_so():
    rule = parse_rule(HOUSEHOLDS | {"decimals": True})
    outcome = rule.score({"a": "1.234,5", "b": "2469"}, FIVE)
    assert outcome.points == 25_000
    assert outcome.inputs == {"a": "1234.5", "b": "2469"}


def test_steps_may_stand_on_a_ratio():
    rule = parse_rule(TABLES["steps"] | {"b": "Tổng số kỳ", "steps": [{"at_least": 90, "points": 5}, {"at_least": 50, "points": 3}]})
    assert rule.score({"a": "9", "b": "10"}, FIVE).points == FIVE
    assert rule.score({"a": "8999", "b": "10000"}, FIVE).points == 30_000
    assert str(rule.score({"a": "9", "b": "10"}, FIVE).line) == "9 ÷ 10 = 90,00%"


def test_points_are_rounded_once_and_only_at_the_end():
    outcome = parse_rule(HOUSEHOLDS).score({"a": "968995", "b": "1000000"}, FIVE)
    assert outcome.points == 48_400, "4,844975 is 4,84; by way of 4,8450 it would be 4,85"
    assert parse_rule(HOUSEHOLDS).score({"a": "968995", "b": "1000000"}, FIVE, decimals=4).points == 48_450


@pytest.mark.parametrize(
    ("table", "places"),
    [
        ({}, ["kind"]),
        ({"kind": "eval"}, ["kind"]),
        ({"kind": ["ratio"]}, ["kind"]),
        ({"kind": "ratio", "a": "Số hộ", "unit": "hộ"}, [""]),
        (HOUSEHOLDS | {"traget": 80}, ["traget"]),
        (HOUSEHOLDS | {"target": "nhiều", "a": ""}, ["a", "target"]),
        (HOUSEHOLDS | {"target": 80.5}, ["target"]),
        (HOUSEHOLDS | {"target": "NaN", "decimals": 1}, ["target", "decimals"]),
        (HOUSEHOLDS | {"target": Decimal("1e-999999")}, ["target"]),
        ({"kind": "levels", "question": "?", "levels": []}, ["levels"]),
        ({"kind": "levels", "question": "?", "levels": [{"points": -1, "label": "x"}, {"points": "1.23456", "label": "y"}, 7]},
         ["levels[0].points", "levels[1].points", "levels[2]", "levels[2]", "levels[2]"]),
    ],
)  # fmt: skip
def test_a_table_that_is_no_rule_is_refused_at_its_keys(table, places):
    with pytest.raises(Refused) as refused:
        parse_rule(table)
    assert [problem.place for problem in refused.value.problems] == places


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"kind": "levels", "question": "?", "levels": [{"points": 4, "label": "x"}]}, "chỉ đạt được 4 điểm"),
        ({"kind": "levels", "question": "?", "levels": [{"points": 6, "label": "x"}]}, "vượt điểm tối đa 5"),
        ({"kind": "parts", "question": "?", "parts": [{"points": 2, "label": "x"}, {"points": 2, "label": "y"}]}, "chỉ đạt được 4 điểm"),
        (TABLES["steps"] | {"steps": [{"at_least": 1, "points": 4}]}, "chỉ đạt được 4 điểm"),
        (TABLES["steps"] | {"b": "Tổng", "steps": [{"at_least": 101, "points": 5}, {"at_least": 50, "points": 3}]}, "chỉ đạt được 3 điểm"),
        (TABLES["steps"] | {"steps": [{"at_least": 1, "points": 1}, {"at_least": 4, "points": 5}]}, "từ cao xuống thấp"),
        (TABLES["count_cap"] | {"most": 3}, "chỉ đạt được 1,5 điểm"),
        (TABLES["count_cap"] | {"each": 0}, "chỉ đạt được 0 điểm"),
        (HOUSEHOLDS | {"target": 0}, "lớn hơn 0"),
        (HOUSEHOLDS | {"target": 120}, "không quá 100."),
    ],
)
def test_the_flaws_of_a_rule_for_an_indicator_of_five_points(table, said):
    assert any(said in str(flaw) for flaw in parse_rule(table).flaws(FIVE))


def test_a_sound_rule_has_no_flaw_and_reaches_the_maximum(rule):
    assert list(rule.flaws(FIVE)) == []
    assert rule.reachable_maximum(FIVE) == FIVE


def test_a_rule_is_written_to_json_and_read_back_the_same(rule):
    table = json.loads(json.dumps(rule_as_json(rule)))
    assert parse_rule(table) == rule
    assert rule_as_json(parse_rule(table)) == table


def test_every_rule_says_its_method_and_labels_its_fields(rule):
    assert all(str(sentence).strip() and "%(" not in str(sentence) for sentence in rule.formula(FIVE))
    assert all(
        field.name.isidentifier() and field.label and field.kind in {"number", "choice", "tick", "points"} for field in rule.fields()
    )
    assert all(len(field.choices) >= 2 for field in rule.fields() if field.kind in {"choice", "tick"})


def test_the_method_in_words():
    assert str(parse_rule(HOUSEHOLDS).formula(FIVE)[0]) == "Điểm = a ÷ b × 5, không quá 5."
    assert [str(sentence) for sentence in parse_rule(TABLES["steps"]).formula(FIVE)] == [
        "Từ 4 kỳ: 5 điểm.",
        "Từ 1 kỳ: 1,25 điểm.",
        "Thấp hơn: 0 điểm.",
    ]
    assert str(parse_rule(HOUSEHOLDS | {"target": 80}).formula(FIVE)[0]) == "Điểm = a ÷ b ÷ 80% × 5; từ 80% trở lên được đủ 5 điểm."


def answers_of(field):
    """Return a strategy of inputs that the field takes."""
    if field.kind == "number":
        return st.integers(0, 10**6).map(str)
    if field.kind == "points":
        return st.integers(0, FIVE).map(lambda points: str(Decimal(points) / POINT).replace(".", ","))
    values = [choice.value for choice in field.choices]
    if field.kind == "choice":
        return st.sampled_from(values)
    return st.lists(st.sampled_from(values[:-1]), min_size=1) | st.just(values[-1:])


@given(st.data(), st.sampled_from(sorted(TABLES)), st.integers(0, 50 * POINT))
def test_points_are_clamped_printed_and_the_inputs_score_the_same_again(data, kind, maximum):
    rule = parse_rule(TABLES[kind])
    maximum -= maximum % 100
    inputs = {field.name: data.draw(answers_of(field)) for field in rule.fields()}
    try:
        outcome = rule.score(inputs, maximum)
    except Refused:
        return
    if outcome.points is not None:
        assert 0 <= outcome.points <= maximum
        assert outcome.points % 100 == 0
    assert outcome.not_applicable_question == (outcome.points is None)
    again = rule.score(json.loads(json.dumps(outcome.inputs)), maximum)
    assert again == outcome
    assert str(outcome.line)


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.integers(1, 100).map(lambda points: points * POINT))
def test_a_ratio_is_exact(a, b, maximum):
    a = min(a, b)
    points = parse_rule(HOUSEHOLDS).score({"a": str(a), "b": str(b)}, maximum).points
    assert abs(Fraction(points) - Fraction(a * maximum, b)) <= 50, "within half of a hundredth of a point"
    assert points == (a * maximum * 2 + b * 100) // (b * 200) * 100


@given(st.integers(0, 350_0000).map(lambda points: str(Decimal(points) / POINT)))
def test_a_score_is_the_same_with_comma_and_with_dot(typed):
    rule = parse_rule(TABLES["manual"])
    assert rule.score({"points": typed}, 350 * POINT) == rule.score({"points": typed.replace(".", ",")}, 350 * POINT)


@given(
    st.sampled_from(sorted(TABLES)),
    st.dictionaries(st.sampled_from(["a", "b", "answer", "level", "parts", "points"]), st.text() | st.booleans() | st.lists(st.text())),
)
def test_any_input_earns_points_or_is_refused_at_a_field(kind, inputs):
    rule = parse_rule(TABLES[kind])
    try:
        outcome = rule.score(inputs, FIVE)
    except Refused as refused:
        assert {problem.place for problem in refused.problems} <= {field.name for field in rule.fields()}  # noqa: PT017
    else:
        assert outcome.points is None or 0 <= outcome.points <= FIVE
