"""The published result: ranking, one unit, one indicator, earlier versions."""

from collections.abc import Mapping
from typing import Any

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from states.refusal import NotFound
from web.public.blueprint import blueprint
from web.public.files import sizes_of
from web.routing import PUBLIC, page
from workflow.actor import Actor
from workflow.folding import folded
from workflow.sheets.indicators import indicators_of, items_of, spread_of
from workflow.sheets.method import method_of, public_assessments
from workflow.sheets.public import PublicResult, public_result, published
from workflow.sheets.results import Line, RankingList

BY_INDICATOR = "chi-so"


@page(blueprint, "/", action=PUBLIC)
def home(session: Session, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001
    """Show what is published; before the first publication, what is assessed and when."""
    results, opened = published(session), public_assessments(session)
    g.newest = (results[0].slug, results[0].year) if results else None
    running = [one for one in opened if one[0] not in {result.slug for result in results}]
    return render_template("public/home.html", results=results, running=running)


@page(blueprint, "/ket-qua/<assessment>", action=PUBLIC)
def ranking(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:  # noqa: ARG001
    """Show the ranking of the version that stands."""
    return _ranking(session, public_result(session, assessment))


@page(blueprint, "/ket-qua/<assessment>/v<int:version>", action=PUBLIC)
def earlier(session: Session, actor: Actor, assessment: str, version: int) -> ResponseReturnValue:  # noqa: ARG001
    """Show one version, also one that was amended since."""
    return _ranking(session, public_result(session, assessment, version))


def _ranking(session: Session, result: PublicResult) -> ResponseReturnValue:
    g.newest = result.slug, result.year
    tab = request.args.get("bang", "")
    if tab == BY_INDICATOR:
        found = indicators_of(result.dataset, result.lists)
        return render_template("public/indicators.html", indicators=found, **_about(session, result, tab))
    chosen = next((one for one in result.lists if one.key == tab), result.lists[0] if result.lists else None)
    if chosen is None:
        raise NotFound
    return render_template("public/ranking.html", numbers="so" in request.args, **_about(session, result, chosen.key), **_shown(chosen))


def _about(session: Session, result: PublicResult, tab: str) -> Mapping[str, Any]:
    """Return what heading, tabs and aside need."""

    def address(key: str) -> str:
        if result.newest:
            return url_for("public.ranking", assessment=result.slug, bang=key)
        return url_for("public.earlier", assessment=result.slug, version=result.version.number, bang=key)

    tabs = [(f"{len(one.lines)} {one.name[:1].lower()}{one.name[1:]}", address(one.key), tab == one.key) for one in result.lists]
    tabs.append((_("Theo chỉ số"), address(BY_INDICATOR), tab == BY_INDICATOR))
    return {"result": result, "tab": tab, "tabs": tabs, "sizes": sizes_of(session, result)}


def _shown(ranking_list: RankingList) -> Mapping[str, Any]:
    """Return what the page shows of a list: filtered by kind and words, ranked by the group asked for."""
    typed, kind = request.args.get("q", "").strip(), request.args.get("loai", "")
    number = request.args.get("nhom", "")
    group = ranking_list.group(number) if number else None
    wanted = folded(typed).split()

    def fits(line: Line) -> bool:
        return kind in {"", line.kind} and all(word in folded(f"{line.name} {line.code}") for word in wanted)

    return {
        "list": ranking_list, "kind": kind, "typed": typed, "group": group, "middle": ranking_list.middle_of(number) if group else None,
        "lines": [line for line in ranking_list.lines if fits(line)],
        "group_lines": [one for one in ranking_list.by_group(number) if fits(one.line)] if group else [],
    }  # fmt: skip


@page(blueprint, "/ket-qua/<assessment>/<unit>", action=PUBLIC)
def unit(session: Session, actor: Actor, assessment: str, unit: str) -> ResponseReturnValue:  # noqa: ARG001
    """Show one unit beside the median of its list, down to each indicator."""
    result = public_result(session, assessment)
    g.newest = result.slug, result.year
    chosen = result.list_of(unit)
    groups = items_of(result.dataset, chosen, unit)
    return render_template("public/unit.html", result=result, list=chosen, line=chosen.line(unit), groups=groups)


@page(blueprint, "/ket-qua/<assessment>/chi-so/<code>", action=PUBLIC)
def indicator(session: Session, actor: Actor, assessment: str, code: str) -> ResponseReturnValue:  # noqa: ARG001
    """Show how one indicator is spread over its list, and how it is scored."""
    result = public_result(session, assessment)
    g.newest = result.slug, result.year
    spread = spread_of(result.dataset, result.lists, code)
    lines = {one.code: one for chosen in method_of(session, assessment).sets for group in chosen.groups for one in group.lines}
    return render_template("public/indicator.html", result=result, spread=spread, method=lines.get(code))
