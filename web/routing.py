"""The one way to declare a page: its address, the action of the permission matrix it needs, and what it does.

    @page(blueprint, "/ky/<assessment>/ho-so/<unit>", action=("see_case", "see_submitted_case"))
    def show_case(session: Session, actor: Actor, assessment: str, unit: str) -> str: ...

- `session` reads for GET and writes for every other method; there is one commit, after the view. An answer of 400 or more
  is never committed. A view that catches `Refused` to show it at the fields calls `session.rollback()` before it reads on.
- `action` is a name (or several, any of which opens the page) of `states.permissions.MATRIX`; "<trigger>" means the one
  named by that part of the address; `PUBLIC` opens to all; `ANYBODY_SIGNED_IN` to every living session, with a role or not.
- A role that the matrix does not know for the action gets 404; a stranger is asked to sign in and comes back.
  What part the actor plays on a case, and in which state, is checked by the workflow function that loads it.
- A form carries the seat its page was made for (`web/seat.py`); another one by now, and nothing is written.
- `proved=True` asks for the password again where it was not typed lately; give a function of the parts of the address where
  only some acts ask. What was to be sent is kept meanwhile.
- The view itself is returned unchanged, so that one view can show another's page again with its errors.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from models.session import reading, transaction
from states.permissions import MATRIX, may
from states.refusal import NotFound
from states.roles import Role
from web.seat import check_seat
from web.security import UNSAFE, protect
from web.visitor import engine, load_visitor, proved_lately
from workflow.actor import Actor
from workflow.clock import working_at

PUBLIC = "public"
ANYBODY_SIGNED_IN = "anybody_signed_in"
FAILED = 400
STRANGER = Actor(None, "", Role.PUBLIC)

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
Receives = Callable[[Actor, Mapping[str, Any]], AbstractContextManager[None]]
Opens = Callable[[Engine], AbstractContextManager[Session]]


class SignInNeeded(Exception):  # noqa: N818  (an answer, not a fault)
    """Nobody is signed in, or no longer."""


class ChoiceNeeded(Exception):  # noqa: N818
    """The person has several memberships and has not chosen, or none is left."""


class ProofNeeded(Exception):  # noqa: N818
    """The password has to be typed again. `instead` are fields whose place in the form that is kept something else takes: a kept file."""

    def __init__(self, instead: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.instead = dict(instead or {})


class _Undone(Exception):  # noqa: N818
    """Carries an answer out of a transaction that must not be committed."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


@dataclass(frozen=True, slots=True)
class Page:
    """What was declared about one address."""

    actions: tuple[str, ...]
    proved: bool | Callable[[Mapping[str, Any]], bool] = False
    opens: Opens | None = None
    """Where the view wants another database session than its method says."""
    receives: Receives | None = None
    """What is to be noted while the body of a request arrives."""

    def asked(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the actions, those named by the address filled in; an address may name only what stands in the matrix."""
        named = [values[action[1:-1]] for action in self.actions if action.startswith("<")]
        if not all(action in MATRIX for action in named):
            raise NotFound
        return (*named, *(action for action in self.actions if not action.startswith("<")))

    def asks_proof(self, values: Mapping[str, Any]) -> bool:
        """Return whether the password must have been typed just before."""
        return self.proved(values) if callable(self.proved) else self.proved


@dataclass(frozen=True, slots=True)
class Route:
    """One address of the application, for the tests and the documentation. `actions` is empty where none was declared."""

    rule: str
    methods: tuple[str, ...]
    endpoint: str
    actions: tuple[str, ...]


def page(
    blueprint: Blueprint, rule: str, *, action: str | Sequence[str], methods: Sequence[str] = ("GET",),
    proved: bool | Callable[[Mapping[str, Any]], bool] = False, opens: Opens | None = None, receives: Receives | None = None,
) -> Callable[[View], View]:  # fmt: skip
    """Declare a page on a blueprint; see the module."""
    actions = (action,) if isinstance(action, str) else tuple(action)
    for name in actions:
        if name not in MATRIX and name not in {PUBLIC, ANYBODY_SIGNED_IN} and not name.startswith("<"):
            raise ValueError(f"{rule}: no action {name!r} in the permission matrix")
    declared = Page(actions, proved, opens, receives)

    def add(view: View) -> View:
        @wraps(view)
        def enter(**values: Any) -> ResponseReturnValue:  # noqa: ANN401  (parts of the address)
            return _serve(declared, view, values)

        enter.declared = declared  # type: ignore[attr-defined]
        blueprint.add_url_rule(rule, view.__name__, enter, methods=list(methods))
        return view

    return add


def declare(app: Flask, rule: str, view: Callable[..., ResponseReturnValue], **options: Any) -> None:  # noqa: ANN401  (Flask's own)
    """Declare a public address that needs no database session: health, metrics."""
    view.declared = Page((PUBLIC,))  # type: ignore[attr-defined]
    app.add_url_rule(rule, view.__name__, view, **options)


def routes_with_actions(app: Flask) -> Iterator[Route]:
    """Yield every address with the actions declared for it."""
    for rule in app.url_map.iter_rules():
        declared = getattr(app.view_functions[rule.endpoint], "declared", None)
        methods = tuple(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        yield Route(rule.rule, methods, rule.endpoint, declared.actions if declared else ())


def opens_to(role: Role, path: str) -> bool:
    """Return whether a page of ours answers at a path to people of a role: what is closed to them is not offered as a link."""
    try:
        endpoint, values = current_app.url_map.bind("localhost").match(path.partition("?")[0])
    except HTTPException:
        return False
    declared = getattr(current_app.view_functions[endpoint], "declared", Page(()))
    asked = declared.asked(values)
    return bool({PUBLIC, ANYBODY_SIGNED_IN} & set(asked)) or any(may(role, action) for action in asked)


def _serve(declared: Page, view: Callable[..., ResponseReturnValue], values: Mapping[str, Any]) -> ResponseReturnValue:
    unsafe = request.method in UNSAFE
    if unsafe:
        # who it is first (a lost session is not a forged form), then the body, and only then the locks
        with reading(engine()) as session:
            visiting = _let_in(session, declared, values)
        with declared.receives(visiting, values) if declared.receives else nullcontext():
            protect()
    opens = declared.opens or (transaction if unsafe else reading)
    try:
        with opens(engine()) as session:
            actor = _let_in(session, declared, values)
            if unsafe and PUBLIC not in declared.actions:
                check_seat(any_membership=ANYBODY_SIGNED_IN in declared.actions)
            response = current_app.make_response(view(session, actor, **values))
            if unsafe and response.status_code >= FAILED:
                raise _Undone(response)  # noqa: TRY301  (leaving by an exception is what undoes)
    except _Undone as undone:
        return undone.response
    return response


def _let_in(session: Session, declared: Page, values: Mapping[str, Any]) -> Actor:
    """Return the actor, or raise what is missing. The moment of arrival is the working clock's."""
    g.arrived_at = arrived_at = working_at(session, g.arrived)
    known = load_visitor(session, arrived_at)
    asked = declared.asked(values)
    if known is None:
        if PUBLIC not in asked:
            raise SignInNeeded
        return STRANGER
    if {PUBLIC, ANYBODY_SIGNED_IN} & set(asked):
        return known.actor or STRANGER
    if known.actor is None:
        raise ChoiceNeeded
    if not any(may(known.actor.role, action) for action in asked):
        raise NotFound
    if declared.asks_proof(values) and not proved_lately(known.actor):
        raise ProofNeeded
    return known.actor
