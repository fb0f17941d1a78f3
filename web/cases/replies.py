"""How pages of a case answer: problems by their field for the templates, and the way back after an act."""

from collections.abc import Iterable

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from states.refusal import Problem
from web.language import say
from web.security import safe_next

Told = list[tuple[str, str]]
"""Problems as (place, sentence): for the summary on top, and by `dict()` for the fields."""


def told(problems: Iterable[Problem]) -> Told:
    """Return problems in the reader's language."""
    return [(problem.place, say(problem)) for problem in problems]


def case_address(assessment: str, unit: str) -> str:
    """Return the address of a case."""
    return url_for("cases.show_case", assessment=assessment, unit=unit)


def item_address(assessment: str, unit: str, code: str) -> str:
    """Return the address of an item."""
    return url_for("cases.show_item", assessment=assessment, unit=unit, code=code)


def go_back(assessment: str, unit: str, code: str = "") -> Response:
    """Go on to where the form's field `next` says, else to the item named, else to the case."""
    otherwise = item_address(assessment, unit, code) if code else case_address(assessment, unit)
    return redirect(safe_next(request.form.get("next"), otherwise), 303)
