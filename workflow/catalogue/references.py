"""Cross-checks of what points to something else: bodies, units, kinds, guidance and its rules."""

from states.refusal import Problem
from states.words import N_
from workflow.catalogue.content import CatalogueContent
from workflow.catalogue.walking import TWICE, Found, indicators_of, limited_of, repeated

UNKNOWN_BODY = N_("Không có cơ quan nào mang mã “%(code)s”.")
UNKNOWN_UNIT = N_("“%(code)s” không phải là đơn vị được đánh giá theo bộ chỉ số này.")
UNUSED_KIND = N_("Loại cơ quan “%(code)s” không thuộc bộ chỉ số nào và không có cơ quan nào trong đó chấm điểm.")
TWO_SETS = N_("Loại cơ quan “%(code)s” thuộc hai bộ chỉ số.")
UNGUIDED = N_("Chỉ số %(code)s chưa có hướng dẫn chấm.")
STRAY_GUIDANCE = N_("Không có chỉ số nào mang mã “%(code)s”.")


def bodies_exist(content: CatalogueContent) -> Found:
    """Every body that grades is an organisation of the file, and is named once."""
    known = content.by_code()
    for path, entry in indicators_of(content):
        for body in entry.bodies:
            if body and body not in known:
                yield (*path, "bodies"), Problem(UNKNOWN_BODY, "", {"code": body})
        yield from (((*path, "bodies"), Problem(TWICE, "", {"code": body})) for body in repeated(entry.bodies))


def limits_name_units(content: CatalogueContent) -> Found:
    """What applies to some units only names units of that set, each once."""
    for at, chosen in enumerate(content.sets):
        units = {unit.code for unit in content.units_of(chosen)}
        for path, entry in limited_of(content, at):
            for code in entry.applies_to:
                if code not in units:
                    yield (*path, "applies_to"), Problem(UNKNOWN_UNIT, "", {"code": code})
            yield from (((*path, "applies_to"), Problem(TWICE, "", {"code": code})) for code in repeated(entry.applies_to))


def kinds_are_used(content: CatalogueContent) -> Found:
    """Every kind of organisation is assessed by exactly one set, or holds bodies only."""
    assessed = [kind for chosen in content.sets for kind in chosen.unit_kinds]
    for at, chosen in enumerate(content.sets):
        yield from (
            (("sets", at, "unit_kinds"), Problem(TWO_SETS, "", {"code": kind})) for kind in repeated(assessed) if kind in chosen.unit_kinds
        )
    for kind, listed in content.organisations.items():
        if kind not in assessed and not any(one.code in content.bodies() for one in listed):
            yield ("organisations", kind), Problem(UNUSED_KIND, "", {"code": kind})


def guidance_covers(content: CatalogueContent) -> Found:
    """Every indicator has its guidance, and every guidance its indicator."""
    indicators = {entry.code: path for path, entry in indicators_of(content)}
    yield from ((path, Problem(UNGUIDED, "", {"code": code})) for code, path in indicators.items() if code not in content.guidance)
    yield from ((("guidance", code), Problem(STRAY_GUIDANCE, "", {"code": code})) for code in content.guidance if code not in indicators)


def rules_reach_the_maximum(content: CatalogueContent) -> Found:
    """A rule can give exactly its indicator's points, no less and no more."""
    for _, entry in indicators_of(content):
        guidance = content.guidance.get(entry.code)
        if guidance is not None and guidance.rule is not None:
            for flaw in guidance.rule.flaws(entry.points):
                yield ("guidance", entry.code, "rule", *filter(None, [flaw.place])), flaw
