"""The strings that people read: gathered from the rooms, compared with their translations, written for the translator.

`python -m web.strings` brings the files in `web/translations` up to date: new strings come in empty, those no longer said go.
"""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

LONE_PERCENT = re.compile(r"(?<!%)%(?![%(])")
HOUSE = Path(__file__).parents[1]
ROOMS = ("states", "workflow", "notifications", "web")
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None}
TRANSLATIONS = Path(__file__).parent / "translations"
HEADER = "# What the pages say in another language; brought up to date by `python -m web.strings`."
NOT_KEPT = (
    b'"POT-Creation-Date',
    b'"PO-Revision-Date',
    b'"Last-Translator',
    b'"Report-Msgid',
    b'"Language-Team',
    b'"Generated-By',
    b'"Project-Id',
)
"""Lines of the header that say nothing and change every time."""


def extract_strings() -> Catalog:
    """Return every string marked in Python (`_`, `N_`, `_l`) and in templates."""
    with (Path(__file__).parent / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    found = Catalog(charset="utf-8")
    for room in ROOMS:
        for filename, line, text, comments, context in extract_from_dir(HOUSE / room, methods, options, KEYWORDS, ()):
            found.add(text, None, [(f"{room}/{filename}", line)], auto_comments=comments, context=context)
    return found


def translations_of(locale: str) -> Catalog:
    """Return what is translated into a language so far."""
    path = _path(locale)
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as source:
        return read_po(source, locale=locale)


def untranslated(locale: str) -> Iterator[str]:
    """Yield, with its place, each string that has no translation, a doubtful one, or one with other values than its own."""
    known = translations_of(locale)
    for message in extract_strings():
        if not message.id:
            continue
        place = f"{message.locations[0][0]}:{message.locations[0][1]}: {message.id!r}"
        kept = known.get(message.id, message.context)
        wrong = "not translated" if kept is None or kept.fuzzy else _wrong(message, _all(kept.string))
        if wrong:
            yield f"{wrong}: {place}"


def _wrong(message: Message, spoken: tuple[str, ...]) -> str:
    """Return what is wrong with a translation; empty when nothing is."""
    if not all(spoken):
        return "not translated"
    values, said = _values_of(message), [_values(one) for one in spoken]
    if any(one - values for one in said):
        return "names a value that is not there"
    if values - set().union(*said):
        return "leaves a value out"
    in_template = any(filename.endswith(".html") for filename, _ in message.locations)
    lone = in_template and any(LONE_PERCENT.search(text) for text in (*_all(message.id), *spoken))
    return "a template writes % as %%" if lone else ""


def stale(locale: str) -> Iterator[str]:
    """Yield each translation of something that nobody says any more."""
    said = extract_strings()
    yield from (f"no longer said: {message.id!r}" for message in translations_of(locale) if message.id and message.id not in said)


def update(locale: str) -> None:
    """Write the file of a language anew: what is there stays, what is missing comes in empty."""
    known, fresh = translations_of(locale), Catalog(locale=locale, charset="utf-8", fuzzy=False, header_comment=HEADER)
    for message in extract_strings():
        if message.id:
            kept = known.get(message.id, message.context)
            places = sorted({(filename, 0) for filename, _ in message.locations})
            fresh.add(message.id, kept.string if kept else None, places, message.flags, context=message.context)
    written = BytesIO()
    write_po(written, fresh, width=0, sort_output=True, include_lineno=False)
    lines = [line for line in written.getvalue().splitlines() if not line.startswith(NOT_KEPT)]
    path = _path(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\n".join(lines) + b"\n")


def compile_strings(locale: str) -> bytes:
    """Return the compiled translations of a language."""
    compiled = BytesIO()
    write_mo(compiled, translations_of(locale))
    return compiled.getvalue()


def _path(locale: str) -> Path:
    return TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po"


def _values_of(message: Message) -> set[str]:
    return set().union(*(_values(text) for text in _all(message.id)))


def _all(text: object) -> tuple[str, ...]:
    """Return the one text, or all forms of a plural."""
    return tuple(str(one or "") for one in (text if isinstance(text, tuple | list) else (text,)))


def _values(text: str) -> set[str]:
    """Return the places of a text: %(name)s of gettext and {name} of the page's script."""
    percent = {part.partition(")")[0] for part in text.split("%(")[1:]}
    try:
        braces = {name for _, name, _, _ in Formatter().parse(text) if name}
    except ValueError:
        braces = set()
    return percent | braces


if __name__ == "__main__":
    for language in sys.argv[1:] or ["en"]:
        update(language)
