"""What people send, without signs that nobody sees: databases refuse a NUL, spreadsheets and mails refuse other control characters.

Word pastes a line break as a vertical tab: it becomes a line break. Tabs, which part the columns of a pasted table, stay.
"""

from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict

from models.base import LARGEST_KEY

PLAIN = {code: None for code in (*range(0x20), 0x7F) if chr(code) not in "\t\n\r"} | dict.fromkeys((0x0B, 0x0C), "\n")


def plain(text: str) -> str:
    """Return a text without control characters other than tab and line break."""
    return text.translate(PLAIN)


def row_number(text: str | None) -> int | None:
    """Return the number of a row that a field of ours carries, or nothing: Python itself reads no number of thousands of digits."""
    number = int(text) if text and text.isdecimal() and len(text) <= len(str(LARGEST_KEY)) else None
    return number if number is not None and number <= LARGEST_KEY else None


class Typed(ImmutableMultiDict[str, Any]):
    """Fields of a form or a query, their values plain; files as they are."""

    def __init__(self, mapping: Any = None) -> None:  # noqa: ANN401  (werkzeug's own)
        """Take what was read."""
        pairs = ImmutableMultiDict(mapping).items(multi=True)
        super().__init__([(name, plain(value) if isinstance(value, str) else value) for name, value in pairs])


class PlainRequest(Request):
    """A request whose fields are plain."""

    parameter_storage_class = Typed
