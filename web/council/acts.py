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

from states.acts import BY_NAME
from states.refusal import NotFound
from web.council.blueprint import blueprint
from web.routing import page
from workflow.actor import Actor

Handler = Callable[[Session, Actor, str], ResponseReturnValue]
HANDLERS: dict[str, Handler] = {}


def handles(*acts: str) -> Callable[[Handler], Handler]:
    """Register a handler for acts of `states.acts`; one act has one handler."""
    for name in acts:
        if name not in BY_NAME:
            raise ValueError(f"no act {name!r} in the law")
        if name in HANDLERS:
            raise ValueError(f"act {name!r} has a handler already")

    def add(handler: Handler) -> Handler:
        HANDLERS.update(dict.fromkeys(acts, handler))
        return handler

    return add


@page(blueprint, "/ky/<assessment>/viec/<act>", action="<act>", methods=["POST"])
def do_act(session: Session, actor: Actor, assessment: str, act: str) -> ResponseReturnValue:
    """Do one act on an assessment. An act that nobody handles here does not exist here."""
    handler = HANDLERS.get(act)
    if handler is None:
        raise NotFound
    return handler(session, actor, assessment)
