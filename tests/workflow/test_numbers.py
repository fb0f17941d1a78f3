"""Typed numbers become exact values; exact values are printed the Vietnamese way."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.refusal import Refused
from workflow import numbers

WIDE = {ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789.,"}


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("8,5", "8.5"), ("8.5", "8.5"), (" 8.5 ", "8.5"), ("8.500", "8.5"), ("8,500", "8.5"), ("8", "8"), ("0", "0"), ("007", "7"),
        ("\uff18\uff0c\uff15", "8.5"), ("\uff18\uff0e\uff15", "8.5"), ("\u00a08,5\u00a0", "8.5"), ("\u200b8,5", "8.5"),
        ("350", "350"), ("4,8372", "4.8372"),
    ],
)  # fmt: skip
def test_a_score_takes_dot_and_comma_for_the_same(typed, value):
    assert numbers.parse_decimal(typed) == Decimal(value)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "\u00a0",
        "tám",
        "8,",
        ",5",
        "8,5,1",
        "1.234,5",
        "8 5",
        "-1",
        "−1",
        "8²",
        "\u0668",
        "½",
        "1e3",
        "NaN",
        "Infinity",
        "1_000",
        "+8",
        "9" * 41,
        "9999999",
    ],
)
def test_a_score_that_is_no_number_is_refused_at_its_place(typed):
    with pytest.raises(Refused) as refused:
        numbers.parse_decimal(typed, "IV.09.points")
    assert refused.value.problems[0].place == "IV.09.points"
    assert str(refused.value)


@pytest.mark.parametrize("typed", ["9" * 30, "1234567890123456", "1 234 567 890 123 456", "9" * 41])
def test_a_number_too_large_is_called_large_not_no_number(typed):
    for read in (numbers.parse_quantity, numbers.parse_decimal):
        with pytest.raises(Refused, match="Số quá lớn"):
            read(typed)
    with pytest.raises(Refused, match="không phải là số"):
        numbers.parse_quantity("12ab")


def test_points_hold_ten_thousandths_and_nothing_finer():
    assert numbers.parse_points("4,8372") == 48_372
    assert numbers.parse_points("4,83720") == 48_372
    with pytest.raises(Refused):
        numbers.parse_points("4,83725")


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12480", 12_480), ("12.480", 12_480), ("12 480", 12_480), ("12\u00a0480", 12_480), ("12\u202f480", 12_480),
        ("1.234.567", 1_234_567),
        ("\uff11\uff12\uff0e\uff14\uff18\uff10", 12_480), ("0", 0), ("100.000.000", 100_000_000), ("007", 7),
    ],
)  # fmt: skip
def test_a_count_takes_thousands_parted_by_dots_or_spaces(typed, value):
    assert numbers.parse_quantity(typed) == value


@pytest.mark.parametrize(
    ("typed", "value"), [("1.234,5", "1234.5"), ("1 234.5", "1234.5"), ("12,5", "12.5"), ("12.5", "12.5"), ("12.48", "12.48")]
)
def test_an_amount_may_have_two_decimals(typed, value):
    assert numbers.parse_quantity(typed, whole=False) == Decimal(value)
    with pytest.raises(Refused, match="số nguyên"):
        numbers.parse_quantity(typed)


@pytest.mark.parametrize("whole", [True, False])
def test_what_could_be_two_numbers_is_refused_with_both_ways_out(whole):
    with pytest.raises(Refused, match="Viết 12480 nếu là số nguyên"):
        numbers.parse_quantity("12,480", "a", whole=whole)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "12.48.0",
        "1.2345",
        "12.480.5",
        "1,234,567",
        "0.500",
        "0,500",
        "012.480",
        "12 48",
        "1 234.567",
        "12..480",
        "-5",
        "9" * 16,
        "9" * 400,
    ],
)
def test_a_quantity_that_is_no_number_is_refused(typed):
    with pytest.raises(Refused):
        numbers.parse_quantity(typed, whole=False)


@given(st.integers(0, 10**15 - 1))
def test_every_count_is_read_back_from_how_it_is_printed(count):
    printed = numbers.format_count(count)
    assert numbers.parse_quantity(printed) == numbers.parse_quantity(str(count)) == numbers.parse_quantity(printed.translate(WIDE)) == count


@given(st.decimals(0, 10**12, places=2))
def test_every_amount_is_read_back_from_how_it_is_printed_and_stored(amount):
    assert numbers.parse_quantity(numbers.format_count(amount), whole=False) == amount
    assert numbers.parse_quantity(numbers.canonical(amount), whole=False) == amount


@given(st.integers(0, 999_999_9999), st.sampled_from([",", "."]))
def test_every_score_is_exact_in_both_spellings(points, sign):
    printed = numbers.format_points(points, None).replace(".", "").replace(",", sign)
    assert numbers.parse_points(printed) == points


@given(st.integers(0, 10**10), st.integers(0, 4))
def test_rounding_is_half_up_in_exact_arithmetic(points, decimals):
    exact = (Decimal(points) / numbers.POINT).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert numbers.round_points(points, decimals) == exact * numbers.POINT


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_a_refusal(text):
    for read in (numbers.parse_decimal, numbers.parse_points, numbers.parse_quantity):
        try:
            assert read(text) >= 0
        except Refused:
            continue


def test_printing():
    assert numbers.format_points(48_372) == "4,84"
    assert numbers.format_points(50_000) == "5,00"
    assert numbers.format_points(50_000, None) == "5"
    assert numbers.format_points(0, None) == "0"
    assert numbers.format_points(1_000_000, None) == "100"
    assert numbers.format_points(75_000, None) == "7,5"
    assert numbers.format_points(-2_600) == "-0,26"
    assert numbers.format_points(12_345_678, 4) == "1.234,5678"
    assert numbers.format_count(100) == "100"
    assert numbers.format_count(Decimal("1234.50")) == "1.234,5"
    assert numbers.format_percent(9674) == "96,74%"


def test_percent_is_half_up_and_none_without_a_maximum():
    assert numbers.percent(2_415_000, 3_000_000) == 8050
    assert numbers.percent(1, 3) == 3333
    assert numbers.percent(2, 3) == 6667
    assert numbers.percent(89_995, 100_000) == 9000
    assert numbers.percent(0, 0) is None
    assert numbers.round_points(26_750, 2) == 26_800
    assert numbers.round_points(-26_750, 2) == -26_800
