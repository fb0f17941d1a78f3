"""How numbers and moments are written, in both languages."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from states.clocks import HANOI, end_of_day
from web.filters import clock, day, moment, percent, points, quantity, remaining, typed, urgent
from workflow.numbers import parse_quantity

NOW = datetime(2025, 12, 11, 3, 30, tzinfo=UTC)  # 10:30 in Hanoi


@pytest.mark.parametrize(
    ("value", "decimals", "vi", "en"),
    [
        (85_000, 2, "8,50", "8.50"),
        (48_449, 2, "4,84", "4.84"),
        (48_450, 2, "4,85", "4.85"),  # half-up
        (0, 2, "0,00", "0.00"),
        (3_000_000, 2, "300,00", "300.00"),
        (12_345_600_00, 2, "123.456,00", "123\N{NO-BREAK SPACE}456.00"),
        (85_000, None, "8,5", "8.5"),
        (50_000, None, "5", "5"),
        (None, 2, "–", "–"),
    ],
)
def test_points(value, decimals, vi, en):
    assert points(value, decimals) == vi
    assert points(value, decimals, "en") == en


def test_percent():
    assert percent(9674) == "96,74%"
    assert percent(9674, "en") == "96.74%"
    assert percent(10_000) == "100,00%"
    assert percent(None) == "–"


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (12_480, "12.480", "12\N{NO-BREAK SPACE}480"), (7, "7", "7"), (Decimal("1234.5"), "1.234,5", "1\N{NO-BREAK SPACE}234.5"),
        (None, "–", "–"),
    ],
)
def test_quantities(value, vi, en):
    assert quantity(value) == vi
    assert quantity(value, "en") == en


@pytest.mark.parametrize("value", [Decimal(7), Decimal(12_480), Decimal("1234.5"), Decimal("0.25"), Decimal(1_234_567)])
@pytest.mark.parametrize("locale", ["vi", "en"])
def test_a_number_typed_as_it_was_shown_means_the_same(value, locale):
    shown = quantity(value, locale)
    assert parse_quantity(shown, whole=False) == value
    assert typed(quantity(value), locale) == shown


@pytest.mark.parametrize("text", ["", "abc", "1,2,3", "12480", "1 234"])
def test_what_is_no_printed_number_stays_as_it_was_typed(text):
    assert typed(text, "en") == text


def test_a_deadline_is_shown_as_the_last_minute_of_its_day():
    until = end_of_day(date(2025, 12, 15))
    assert moment(until) == "Thứ Hai 15/12/2025, 23:59"
    assert moment(until, "en") == "Monday 15 Dec 2025, 23:59"
    assert (day(until), clock(until)) == ("15/12/2025", "23:59")
    assert moment(until + timedelta(seconds=1)) == "Thứ Ba 16/12/2025, 00:00"
    assert moment(until - timedelta(seconds=1)) == "Thứ Hai 15/12/2025, 23:59"


def test_moments_are_those_of_hanoi():
    assert moment(datetime(2025, 12, 14, 17, 5, tzinfo=UTC)) == "Thứ Hai 15/12/2025, 00:05"
    assert moment(datetime(2025, 12, 14, 16, 59, tzinfo=UTC)) == "Chủ Nhật 14/12/2025, 23:59"
    assert moment(datetime(2025, 12, 15, 9, 0, tzinfo=HANOI)) == "Thứ Hai 15/12/2025, 09:00"
    assert (moment(None), day(None), clock(None)) == ("–", "–", "–")


def test_days():
    assert day(date(2025, 12, 5)) == "05/12/2025"
    assert day(date(2025, 12, 5), "en") == "5 Dec 2025"


@pytest.mark.parametrize(
    ("away", "vi", "en"),
    [
        (timedelta(days=4, hours=13, minutes=29), "còn 4 ngày 13 giờ", "4 d 13 h left"),
        (timedelta(hours=5, minutes=7), "còn 5 giờ 7 phút", "5 h 7 min left"),
        (timedelta(minutes=7, seconds=59), "còn 7 phút", "7 min left"),
        (timedelta(seconds=59), "còn dưới một phút", "less than a minute left"),
        (timedelta(0), "quá hạn dưới một phút", "less than a minute overdue"),
        (-timedelta(hours=2, minutes=5), "quá hạn 2 giờ 5 phút", "2 h 5 min overdue"),
        (-timedelta(days=10), "quá hạn 10 ngày", "10 d overdue"),
    ],
)
def test_how_long_there_is(away, vi, en):
    assert remaining(NOW + away, NOW) == vi
    assert remaining(NOW + away, NOW, "en") == en
    assert remaining(None, NOW) == ""


@pytest.mark.parametrize(
    ("away", "amber"),
    [(timedelta(days=3), True), (timedelta(days=3, seconds=1), False), (timedelta(0), False), (-timedelta(days=1), False)],
)
def test_amber_under_three_days_only(away, amber):
    assert urgent(NOW + away, NOW) is amber
    assert not urgent(None, NOW)


def test_templates_say_it_in_the_language_of_the_request(app, people, visitor):
    app.add_url_rule("/said", "said", lambda: __import__("flask").render_template_string(TEXT, at=end_of_day(date(2025, 12, 15))))
    client = visitor()
    assert client.get("/said").text == "8,50 96,74% 12.480 Thứ Hai 15/12/2025, 23:59 15/12/2025 Quản trị 2025-12-16T00:00:00+07:00"
    client.post("/ngon-ngu", {"language": "en"})
    numbers, moments = "8.50 96.74% 12\N{NO-BREAK SPACE}480", "Monday 15 Dec 2025, 23:59 15 Dec 2025 Admin 2025-12-16T00:00:00+07:00"
    assert client.get("/said").text == f"{numbers} {moments}"


TEXT = "{{ 85000|points }} {{ 9674|percent }} {{ 12480|quantity }} {{ at|moment }} {{ at|day }} {{ 'Quản trị'|said }} {{ at|iso }}"
