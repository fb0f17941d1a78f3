"""How checks walk through a catalogue: every group and indicator with its path."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from states.refusal import Problem
from states.words import N_
from workflow.catalogue.content import CatalogueContent, GroupEntry, IndicatorEntry
from workflow.scoring.reading import Trail

Found = Iterator[tuple[Trail, Problem]]
Check = Callable[[CatalogueContent], Found]

Coded = list[tuple[str, Trail]]

TWICE = N_("“%(code)s” có hai lần.")


def groups_of(content: CatalogueContent, only: int | None = None) -> Iterator[tuple[Trail, GroupEntry]]:
    """Yield every group (of one set) with its path."""
    for at, chosen in enumerate(content.sets):
        if only in {None, at}:
            yield from ((("sets", at, "groups", position), group) for position, group in enumerate(chosen.groups))


def indicators_of(content: CatalogueContent, only: int | None = None) -> Iterator[tuple[Trail, IndicatorEntry]]:
    """Yield every indicator (of one set) with its path."""
    for path, group in groups_of(content, only):
        yield from (((*path, "indicators", position), entry) for position, entry in enumerate(group.indicators))


def limited_of(content: CatalogueContent, only: int) -> Iterator[tuple[Trail, GroupEntry | IndicatorEntry]]:
    """Yield all of one set that may apply to some units only."""
    yield from groups_of(content, only)
    yield from indicators_of(content, only)


def repeated(codes: Iterable[str]) -> list[str]:
    """Return the codes that stand there more than once."""
    return [code for code, times in Counter(codes).items() if times > 1]
