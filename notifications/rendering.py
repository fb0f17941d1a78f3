"""Writes a mail from its words and the facts of the moment: plain text in the reader's language, links built from the base address only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models.tables import Notification
from notifications import wording
from notifications.facts import Facts
from notifications.kinds import ACTS, KINDS, Kind
from states.clocks import Clock, running_clock, shown_day
from states.moves import MOVES
from workflow.duties import REASONS

UNIT = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands for the unit until all words of a mail are known."""


@dataclass(frozen=True, slots=True)
class Written:
    """A mail ready to go, and the body as it may be kept: without the reader's own way in."""

    subject: str
    body: str
    kept: str


def write(facts: Facts, words: Sequence[Notification], base_url: str) -> Written:
    """Write one mail of all its words (at least one)."""
    locale = facts.person.locale
    open_parts, kept_parts = _parts(facts, words, base_url, keep=False), _parts(facts, words, base_url, keep=True)
    greeting = wording.GREETING.to(locale).format(name=facts.person.name)
    closing = wording.CLOSING.to(locale).format(home=base_url)
    body, kept = ("\n\n".join([greeting, *parts, closing]) + "\n" for parts in (open_parts, kept_parts))
    return Written(_subject(facts, words), body, kept)


def _subject(facts: Facts, words: Sequence[Notification]) -> str:
    """Only fixed words, figures and days: nothing that somebody typed."""
    locale = facts.person.locale
    years = {season.year for season in facts.seasons.values()}
    if all(word.digest for word in words):
        what = wording.DIGEST.to(locale).format(day=wording.day_in(facts.today, locale), count=len(words))
    elif len(words) == 1:
        what = KINDS[words[0].kind].subject.to(locale)
    else:
        what = wording.MANY.to(locale).format(count=len(words))
    return wording.SUBJECT.to(locale).format(year=f" {years.pop()}" if len(years) == 1 else "", what=what)


def _parts(facts: Facts, words: Sequence[Notification], base_url: str, *, keep: bool) -> list[str]:
    """Return the paragraphs; words that differ in nothing but their unit are one paragraph with all units."""
    units: dict[str, dict[str, None]] = {}
    for word in words:
        case = facts.cases.get(word.case_id or 0)
        unit = case.unit if case else wording.MANY_UNITS.to(facts.person.locale)
        units.setdefault(_part(facts, word, base_url, keep=keep), {})[unit] = None
    return [part.replace(UNIT, ", ".join(named)) for part, named in units.items()]


def _part(facts: Facts, word: Notification, base_url: str, *, keep: bool) -> str:
    kind, locale = KINDS[word.kind], facts.person.locale
    lines = [f"- {_line(facts, word, kind)}"]
    deadline = _deadline(facts, word)
    if deadline:
        lines.append(f"  {deadline}")
    secret = str(word.params.get("path", "")) if kind.alone else ""
    if secret and keep:
        lines.append(f"  {wording.WITHHELD.to(locale)}")
    elif secret or word.path:
        lines.append("  " + wording.OPEN.to(locale).format(link=base_url.rstrip("/") + (secret or word.path)))
    return "\n".join(lines)


def _line(facts: Facts, word: Notification, kind: Kind) -> str:
    locale = facts.person.locale
    season = facts.seasons.get(word.assessment_id or 0)
    duty = facts.duties.get(str(word.params.get("duty")))
    act, until = ACTS.get(str(word.params.get("act"))), facts.tokens.get(str(word.params.get("path")))
    return kind.line.to(locale).format(
        unit=UNIT, season=season.title if season else "",
        count=duty.count if duty else 1, act=act.to(locale) if act else "", until=wording.moment_in(until, locale) if until else "",
    )  # fmt: skip


def _deadline(facts: Facts, word: Notification) -> str:
    """The sentence about the deadline a word speaks of: a duty's, the clock a move starts, or (after an extension) the one running."""
    if word.kind in REASONS:
        duty = facts.duties[str(word.params.get("duty"))]
        clock, day = duty.clock, duty.until
    else:
        clock = _clock(facts, word)
        at = _runs_out(facts, word, clock)
        if at is None:
            return ""
        day = shown_day(at)
    return wording.deadline_in(Clock(clock), day, facts.today, facts.person.locale) if clock else ""


def _clock(facts: Facts, word: Notification) -> str:
    case = facts.cases.get(word.case_id or 0)
    if word.kind == "extend" and case:
        return running_clock(case.state, sent=case.sent) or ""
    return next((move.due for move in MOVES if move.trigger == word.kind), "")


def _runs_out(facts: Facts, word: Notification, clock: str) -> datetime | None:
    season = facts.seasons.get(word.assessment_id or 0)
    return season.calendar.until(Clock(clock), word.case_id) if clock and season else None
