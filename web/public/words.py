"""How the public pages write days and sizes."""

from datetime import date

from markupsafe import Markup, escape

from web.filters import WEEKDAYS, day
from web.language import chosen_locale
from web.public.blueprint import blueprint

KILO = 1000


@blueprint.app_template_filter("weekday_day")
def weekday_day(value: date) -> str:
    """Return a day with its weekday: "Thứ Năm 26/02/2026"."""
    locale = chosen_locale()
    return f"{WEEKDAYS[locale][value.weekday()]} {day(value, locale)}"


@blueprint.app_template_filter("iso_day")
def iso_day(value: str) -> str:
    """Return a day that was stored as ISO 8601 text: "23/10/2025"."""
    return day(date.fromisoformat(value), chosen_locale())


@blueprint.app_template_filter("file_size")
def file_size(size: int) -> str:
    """Return a size in bytes as people say it: "48 kB", "1,2 MB"."""
    if size < KILO * KILO:
        return f"{max(1, round(size / KILO))} kB"
    said = f"{size / KILO / KILO:.1f} MB"
    return said.replace(".", ",") if chosen_locale() == "vi" else said


@blueprint.app_template_filter("wordbreak")
def wordbreak(text: str) -> Markup:
    """Return a column's name in two lines, so that numbers need no wider column than they are."""
    first, _, rest = text.partition(" ")
    return Markup("{}<br>{}").format(first, rest) if rest else escape(first)


@blueprint.app_template_filter("lower_first")
def lower_first(text: str) -> str:
    """Return a name as it stands inside a sentence: "xã, phường"."""
    return text[:1].lower() + text[1:]
