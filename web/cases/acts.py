"""The acts of one case: `POST K/ho-so/<unit>/viec/<act>` asks the matrix, then calls the handler that stands here under the act's name.

Another room adds its acts by decorating functions of its own, in a module that its package imports:

    @handles("decide")
    def decide_item(session: Session, actor: Actor, on: On) -> ResponseReturnValue: ...

The route checks that the role may do the act at all; the handler's workflow function checks part, state and rules. A handler
that catches `Refused` to show it at the fields answers 422 with its own page; one that does not gets the page of refusals.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from web.cases.blueprint import blueprint
from web.handlers import Handlers
from web.routing import page
from workflow.actor import Actor


@dataclass(frozen=True, slots=True)
class On:
    """What an act is done to: the case by its address, and the indicator that the form's field `code` names (empty: the whole case)."""

    act: str
    assessment: str
    unit: str
    code: str = ""


handles = Handlers[Callable[[Session, Actor, On], ResponseReturnValue]]()
"""Registers the handlers."""


@page(blueprint, "/ky/<assessment>/ho-so/<unit>/viec/<act>", action="<act>", methods=["POST"])
def do_act(session: Session, actor: Actor, assessment: str, unit: str, act: str) -> ResponseReturnValue:
    """Do one act on a case. An act that nobody handles here does not exist here."""
    return handles.of(act)(session, actor, On(act, assessment, unit, request.form.get("code", "")))
