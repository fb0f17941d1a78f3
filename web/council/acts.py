"""The acts on a whole assessment: `POST K/viec/<act>` asks the matrix, then calls the handler that stands here under the act's name.

Another room adds its acts by decorating functions of its own, in a module that its package imports:

    @handles("open_assessment")
    def open_it(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue: ...

The route checks that the role may do the act at all; the handler's workflow function checks everything else. A handler that
catches `Refused` to show it at the fields answers 422 with its own page; one that does not gets the page of refusals.
"""

from collections.abc import Callable

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from web.council.blueprint import blueprint
from web.handlers import Handlers
from web.routing import page
from workflow.actor import Actor

handles = Handlers[Callable[[Session, Actor, str], ResponseReturnValue]]()
"""Registers the handlers."""


@page(blueprint, "/ky/<assessment>/viec/<act>", action="<act>", methods=["POST"])
def do_act(session: Session, actor: Actor, assessment: str, act: str) -> ResponseReturnValue:
    """Do one act on an assessment. An act that nobody handles here does not exist here."""
    return handles.of(act)(session, actor, assessment)
