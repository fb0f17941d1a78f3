"""Cross-checks of what things are called: codes, names and running numbers."""

from unicodedata import normalize

from states.refusal import Problem
from states.words import N_
from workflow.catalogue.content import CatalogueContent
from workflow.catalogue.walking import TWICE, Coded, Found, groups_of, indicators_of

NAME_TWICE = N_("Tên “%(name)s” dùng cho cả %(first)s và %(second)s.")
FOREIGN_CODE = N_("Mã “%(code)s” phải là “%(wanted)s”: mã bộ chỉ số và số thứ tự liền nhau.")
LOCAL_NUMBER = N_("Số thứ tự trong nhóm phải là %(wanted)s, tệp ghi %(written)s.")


def codes_are_unique(content: CatalogueContent) -> Found:
    """Every organisation, set, group of a set and indicator has a code of its own."""
    organisations: Coded = [
        (one.code, ("organisations", kind, at)) for kind, listed in content.organisations.items() for at, one in enumerate(listed)
    ]
    sets: Coded = [(one.code, ("sets", at)) for at, one in enumerate(content.sets)]
    indicators = [(entry.code, path) for path, entry in indicators_of(content)]
    groups = [[(group.number, path) for path, group in groups_of(content, at)] for at in range(len(content.sets))]
    for coded in (organisations, sets, indicators, *groups):
        seen: set[str] = set()
        for code, path in coded:
            if code in seen:
                yield path, Problem(TWICE, "", {"code": code})
            seen.add(code)


def names_are_unique(content: CatalogueContent) -> Found:
    """No name or alias means two organisations, whatever its capitals."""
    known: dict[str, str] = {}
    for kind, listed in content.organisations.items():
        for at, one in enumerate(listed):
            for name in (one.name, *one.aliases):
                first = known.setdefault(normalize("NFC", name).casefold(), one.code)
                if first != one.code:
                    yield ("organisations", kind, at), Problem(NAME_TWICE, "", {"name": name, "first": first, "second": one.code})


def codes_run_through(content: CatalogueContent) -> Found:
    """Indicators of a set are numbered 01, 02 … behind the set's code, in the order written."""
    for at, chosen in enumerate(content.sets):
        for running, (path, entry) in enumerate(indicators_of(content, at), 1):
            wanted = f"{chosen.code}.{running:02d}"
            if entry.code != wanted:
                yield (*path, "code"), Problem(FOREIGN_CODE, "", {"code": entry.code, "wanted": wanted})


def local_numbers_run(content: CatalogueContent) -> Found:
    """Inside a group, indicators are numbered from 1 on."""
    for path, group in groups_of(content):
        for wanted, entry in enumerate(group.indicators, 1):
            if entry.local_number != wanted:
                at = (*path, "indicators", wanted - 1, "local_number")
                yield at, Problem(LOCAL_NUMBER, "", {"wanted": wanted, "written": entry.local_number})
