"""The acts of one case: `POST K/ho-so/<unit>/viec/<act>` asks the matrix, then calls the handler that stands here under the act's name.

Another room adds its acts by decorating functions of its own, in a module that its package imports:

    @handles("decide")
    def decide_item(session: Session, actor: Actor, on: On) -> ResponseReturnValue: ...

The route checks that the role may do the act at all; the handler's workflow function checks part, state and rules. A handler
that catches `Refused` to show it at the fields answers 422 with its own page; one that does not gets the page of refusals.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm import Session

from models.session import transaction
from states.refusal import NotFound, Refused
from web.cases.blueprint import blueprint
from web.handlers import Handlers
from web.routing import page
from web.security import same_origin
from web.visitor import engine
from workflow.actor import Actor
from workflow.evidence import begin_upload, finish_upload

UPLOAD = "attach_evidence"
SAVES = frozenset({"self_score", "explain"})


@dataclass(frozen=True, slots=True)
class On:
    """What an act is done to: the case by its address, and the indicator that the form's field `code` names (empty: the whole case)."""

    act: str
    assessment: str
    unit: str
    code: str = ""


handles = Handlers[Callable[[Session, Actor, On], ResponseReturnValue]]()
"""Registers the handlers."""


@contextmanager
def receiving(actor: Actor, values: Mapping[str, Any]) -> Iterator[None]:
    """Note a file under way before its bytes arrive, and when they have: one that is cut at closing has the grace (rules section 5).

    The indicator stands in the address, since the body is still to come. A request from another site notes nothing.
    """
    code, token = request.args.get("code", ""), ""
    if values["act"] == UPLOAD and code and same_origin() is not False:
        with suppress(Refused, NotFound), transaction(engine()) as session:  # closed, or not theirs: attaching says so
            token = begin_upload(session, actor, values["assessment"], values["unit"], code)
    try:
        yield
    except CSRFError:
        if request.form:  # a body that broke off is empty
            _finish(token)
        raise
    _finish(token)


def _finish(token: str) -> None:
    if token:
        with transaction(engine()) as session:
            finish_upload(session, token)


@page(blueprint, "/ky/<assessment>/ho-so/<unit>/viec/<act>", action="<act>", methods=["POST"], receives=receiving)
def do_act(session: Session, actor: Actor, assessment: str, unit: str, act: str) -> ResponseReturnValue:
    """Do one act on a case; files that come with what is saved are attached along. An act that nobody handles here does not exist here."""
    along = act in SAVES and any(file.filename for file in request.files.values())
    return handles.of(UPLOAD if along else act)(session, actor, On(act, assessment, unit, request.form.get("code", "")))
