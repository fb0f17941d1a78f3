"""Days and times in forms, as people here write them (15/12/2026, 8:05). A browser's own date field would follow its own language."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, TimeField

SHAPES = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y")
"""How a day may be typed; the first is how it is shown."""
TIMES = ("%H:%M", "%H:%M:%S", "%Hh%M", "%Hh")
FIRST_YEAR, LAST_YEAR = 1900, 2100
BAD_DATE = _l("“%(typed)s” không phải là một ngày. Viết như 15/12/2026: ngày, tháng, năm.")
BAD_TIME = _l("“%(typed)s” không phải là giờ. Viết như 8:05 hoặc 17:30.")
LONGEST_ECHO = 40


def parse_day(typed: str) -> date | None:
    """Return the day that was typed, or nothing where it is none: 31/02, a year of two figures, the year 9999."""
    read = _read(typed, SHAPES)
    return read.date() if read and FIRST_YEAR <= read.year <= LAST_YEAR else None


def parse_time(typed: str) -> time | None:
    """Return the time of day that was typed, or nothing where it is none."""
    read = _read(typed.lower(), TIMES)
    return read.time() if read else None


def _read(typed: str, shapes: Sequence[str]) -> datetime | None:
    for shape in shapes:
        with suppress(ValueError):
            return datetime.strptime(typed.strip(), shape)  # noqa: DTZ007  (a day or a time of day, no moment)
    return None


def written_day(value: date | str | None) -> str:
    """Return a day as a form shows it: 05/02/2027. What somebody typed and is no day comes back as typed."""
    day = value if isinstance(value, date) else parse_day(value or "")
    return f"{day:%d/%m/%Y}" if day else str(value or "")


class Day(DateField):  # type: ignore[misc]  # WTForms has no types
    """A day in any of the shapes. Refused with a sentence people understand; what was typed is kept."""

    data: Any

    def __init__(self, label: str = "", validators: Sequence[object] = (), **more: object) -> None:
        """Show it as people write it."""
        super().__init__(label, validators, format=list(SHAPES), **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it."""
        typed = " ".join(valuelist).strip()
        self.data = parse_day(typed)
        if typed and self.data is None:
            raise ValueError(str(BAD_DATE) % {"typed": typed[:LONGEST_ECHO]})


class TimeOfDay(TimeField):  # type: ignore[misc]
    """A time of day."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it."""
        typed = " ".join(valuelist).strip()
        self.data = parse_time(typed)
        if typed and self.data is None:
            raise ValueError(str(BAD_TIME) % {"typed": typed[:LONGEST_ECHO]})
