"""How numbers and moments are written, in both languages: small pure functions, and the Jinja filters made of them.

Points are ten-thousandths, percent are hundredths of a percent, moments are aware UTC and shown in Hanoi.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from flask import Flask, g
from markupsafe import Markup

from states.clocks import HANOI, shown_day
from web import charts
from web.dates import written_day
from web.language import chosen_locale
from workflow.clock import machine_now
from workflow.numbers import format_count, format_percent, format_points

NOTHING = "–"
ENGLISH_SIGNS = str.maketrans(",.", ".\N{NO-BREAK SPACE}")
"""In English a space parts thousands, never a comma: a number that is typed as it was shown means the same in both languages."""
PRINTED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d+")
WEEKDAYS = {
    "vi": ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SPANS = {
    "vi": ("{d} ngày", "{d} ngày {h} giờ", "{h} giờ {m} phút", "{m} phút", "còn {}", "quá hạn {}", "dưới một phút"),
    "en": ("{d} d", "{d} d {h} h", "{h} h {m} min", "{m} min", "{} left", "{} overdue", "less than a minute"),
}
SOON = timedelta(days=3)


def points(value: int | None, decimals: int | None = 2, locale: str = "vi") -> str:
    """Return points as printed: 85000 is "8,50"; a dash where there are none."""
    return NOTHING if value is None else _signs(format_points(value, decimals), locale)


def percent(value: int | None, locale: str = "vi") -> str:
    """Return hundredths of a percent as printed: 9674 is "96,74%"."""
    return NOTHING if value is None else _signs(format_percent(value), locale)


def quantity(value: Decimal | float | None, locale: str = "vi") -> str:
    """Return a count with dots between thousands: "12.480"."""
    return NOTHING if value is None else _signs(format_count(Decimal(str(value))), locale)


def typed(text: str, locale: str = "vi") -> str:
    """Return what stands in a field of numbers as the page prints numbers; whatever else was typed stays as it is."""
    return _signs(text, locale) if PRINTED.fullmatch(text or "") else text


def day(value: date | None, locale: str = "vi") -> str:
    """Return a date: "15/12/2025"; of a moment, the day in Hanoi it is shown on."""
    if value is None:
        return NOTHING
    shown = _shown(value)[0] if isinstance(value, datetime) else value
    return f"{shown:%d/%m/%Y}" if locale == "vi" else f"{shown.day} {MONTHS[shown.month - 1]} {shown.year}"


def clock(value: datetime | None) -> str:
    """Return the time of day in Hanoi: "23:59"."""
    return NOTHING if value is None else f"{_shown(value)[1]:%H:%M}"


def moment(value: datetime | None, locale: str = "vi") -> str:
    """Return a moment with its weekday: "Thứ Hai 15/12/2025, 23:59". A deadline's midnight is 23:59 of the day before."""
    if value is None:
        return NOTHING
    shown, at = _shown(value)
    return f"{WEEKDAYS[locale][shown.weekday()]} {day(shown, locale)}, {at:%H:%M}"


def remaining(until: datetime | None, now: datetime, locale: str = "vi") -> str:
    """Return how long there is: "còn 4 ngày 13 giờ"; after it, "quá hạn 2 giờ 5 phút"."""
    if until is None:
        return ""
    whole_days, days, hours, minutes, left, over, instant = SPANS[locale]
    minutes_left = int(abs(until - now).total_seconds()) // 60
    d, h, m = minutes_left // 1440, minutes_left // 60 % 24, minutes_left % 60
    span = (days if h else whole_days) if d else hours if h else minutes if m else instant
    return (left if until > now else over).format(span.format(d=d, h=h, m=m))


def urgent(until: datetime | None, now: datetime) -> bool:
    """Return whether less than three days remain: amber under that only, constant alarm is no alarm."""
    return until is not None and now < until <= now + SOON


def _shown(value: datetime) -> tuple[date, time]:
    local = value.astimezone(HANOI)
    return (shown_day(value), time(23, 59)) if local.time() == time() else (local.date(), local.time())


def _signs(text: str, locale: str) -> str:
    return text if locale == "vi" else text.translate(ENGLISH_SIGNS)


def _now() -> datetime:
    """Return the working moment at which this request arrived."""
    known: datetime = g.get("arrived_at") or machine_now()
    return known


def _time_tag(value: datetime | None) -> str:
    if value is None:
        return NOTHING
    return Markup('<time datetime="{}">{}</time>').format(value.astimezone(HANOI).isoformat(), moment(value, chosen_locale()))


def _spoken(function: Callable[..., str]) -> Callable[..., str]:
    """Return a filter that says it in the language of the request."""
    return lambda value, *more: function(value, *more, locale=chosen_locale())


def set_up_filters(app: Flask) -> None:
    """Register the filters; `time_tag` is `moment` for machines too, `iso` the moment as script reads it."""
    charts.install(app.jinja_env)
    filters: dict[str, Callable[..., Any]] = {
        "points": _spoken(points),
        "percent": _spoken(percent),
        "quantity": _spoken(quantity),
        "typed": _spoken(typed),
        "day": _spoken(day),
        "clock": clock,
        "moment": _spoken(moment),
        "remaining": lambda until: remaining(until, _now(), chosen_locale()),
        "urgent": lambda until: urgent(until, _now()),
        "iso": lambda value: value.astimezone(HANOI).isoformat() if value else "",
        "time_tag": _time_tag,
        "written_day": written_day,
    }
    app.jinja_env.filters.update(filters)
