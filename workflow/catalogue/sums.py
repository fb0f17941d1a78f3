"""Cross-checks of what is counted and added up: indicators, units, points."""

from collections.abc import Iterable

from states.refusal import Problem
from states.words import N_
from workflow.catalogue.content import CatalogueContent
from workflow.catalogue.walking import Found, groups_of, indicators_of
from workflow.numbers import format_points, round_points
from workflow.scoring.reading import Trail

COUNT = N_("Ghi %(written)s nhưng đếm được %(counted)s.")
SUM = N_("Ghi %(written)s điểm nhưng cộng lại được %(summed)s.")
NO_PARENT = N_("Không có nhóm cha “%(code)s” đứng trước nhóm này.")
TOO_FINE = N_("%(points)s điểm không in được với %(decimals)s chữ số thập phân.")


def counts_agree(content: CatalogueContent) -> Found:
    """The numbers of indicators and units that are written are those that are there."""
    for at, chosen in enumerate(content.sets):
        yield from _count(("sets", at, "indicator_count"), chosen.indicator_count, sum(1 for _ in chosen.indicators()))
        yield from _count(("sets", at, "unit_count"), chosen.unit_count, len(content.units_of(chosen)))
        for path, group in groups_of(content, at):
            under = sum(other.indicator_count for other in chosen.groups if other.parent == group.number)
            yield from _count((*path, "indicator_count"), group.indicator_count, under + len(group.indicators))


def totals_agree(content: CatalogueContent) -> Found:
    """A group's points are those of its indicators and of the groups under it; a set's total is that of its top groups."""
    for at, chosen in enumerate(content.sets):
        yield from _sum(("sets", at, "total"), chosen.total, (group.points for group in chosen.groups if not group.parent))
        for path, group in groups_of(content, at):
            under = (other.points for other in chosen.groups if other.parent == group.number)
            yield from _sum((*path, "points"), group.points, (*under, *(entry.points for entry in group.indicators)))


def parents_exist(content: CatalogueContent) -> Found:
    """A group hangs only under one that stands before it in its set."""
    for at, chosen in enumerate(content.sets):
        for position, (path, group) in enumerate(groups_of(content, at)):
            if group.parent and group.parent not in {earlier.number for earlier in chosen.groups[:position]}:
                yield (*path, "parent"), Problem(NO_PARENT, "", {"code": group.parent})


def points_can_be_printed(content: CatalogueContent) -> Found:
    """No indicator has more decimals than are printed."""
    for path, entry in indicators_of(content):
        if round_points(entry.points, content.decimals) != entry.points:
            said: dict[str, str | int] = {"points": format_points(entry.points, None), "decimals": content.decimals}
            yield (*path, "points"), Problem(TOO_FINE, "", said)


def _count(at: Trail, written: int, counted: int) -> Found:
    if written != counted:
        yield at, Problem(COUNT, "", {"written": written, "counted": counted})


def _sum(at: Trail, written: int, parts: Iterable[int]) -> Found:
    summed = sum(parts)
    if written != summed:
        yield at, Problem(SUM, "", {"written": format_points(written, None), "summed": format_points(summed, None)})
