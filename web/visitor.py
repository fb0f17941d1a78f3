"""Who is in front of the page: the session behind the cookie, handed to Flask-Login as `current_user`."""

from contextlib import suppress
from datetime import datetime
from typing import cast

from flask import Flask, current_app, g, session
from flask_login import LoginManager, UserMixin
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from models.session import reading, transaction
from web.sessions import Visit
from workflow.actor import Actor
from workflow.clock import machine_now
from workflow.proposals import FRESH
from workflow.season import season_of
from workflow.signing_in import TOUCH, SignedIn, find_session, touch_session


class User(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """What templates know as `current_user`: name, organisation, role."""

    def __init__(self, signed_in: SignedIn) -> None:
        """Wrap a living session."""
        self.signed_in = signed_in
        self.id = signed_in.person_id
        self.name = signed_in.name
        self.email = signed_in.email
        self.locale = signed_in.locale
        self.organisation = signed_in.organisation
        self.memberships = signed_in.memberships
        self.actor = signed_in.actor
        self.role_label = signed_in.actor.role.label if signed_in.actor else ""


def engine() -> Engine:
    """Return the application's engine."""
    return cast("Engine", current_app.extensions["engine"])


def visit() -> Visit:
    """Return Flask's session as what it is here."""
    return cast("Visit", session._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001


def load_visitor(rows: Session, arrived_at: datetime | None = None) -> SignedIn | None:
    """Find who is behind the cookie, in the given database session, and keep it for this request."""
    g.visitor = find_session(
        rows, visit().token, request_id=g.get("request_id", ""), arrived_at=arrived_at, idle=current_app.config["SESSION_IDLE"]
    )
    known = cast("SignedIn | None", g.visitor)
    g.season = season_of(rows, known.actor) if known and known.actor else ""
    return known


def visitor() -> SignedIn | None:
    """Return who is here; looked up only when the page has not done so. An unreachable database makes everybody a stranger."""
    if "visitor" not in g:
        g.visitor = None
        with suppress(SQLAlchemyError), reading(engine()) as rows:
            load_visitor(rows)
    return cast("SignedIn | None", g.visitor)


def proved_lately(actor: Actor) -> bool:
    """Return whether the password was typed just before, as the workflow's binding acts ask."""
    return actor.proved_at is not None and machine_now() - actor.proved_at < FRESH


def touch() -> None:
    """Note, at most once a minute, that the session is in use; a database too busy for that is no reason to fail the page."""
    known = g.get("visitor")
    if known is not None and machine_now() - known.seen_at >= TOUCH:
        with suppress(SQLAlchemyError), transaction(engine()) as rows:
            touch_session(rows, known.session_id)


def set_up_visitor(app: Flask) -> None:
    """Make `current_user` work from our own sessions; Flask-Login keeps nothing by itself."""
    manager = LoginManager()
    manager.session_protection = None
    app.config["REMEMBER_COOKIE_NAME"] = "thamdinh-never-used"
    manager.init_app(app)

    @manager.request_loader  # type: ignore[untyped-decorator]
    def load(_: object) -> User | None:
        known = visitor()
        return User(known) if known else None
