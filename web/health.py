"""What machines ask: alive (`/healthz`), and able to serve (`/readyz`)."""

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from models.migrations import newest, present
from web.errors import NOT_MIGRATED, error_page, trouble_of
from web.routing import declare
from web.visitor import engine


def healthz() -> ResponseReturnValue:
    """Answer that the process runs."""
    return jsonify(status="ok")


def readyz() -> ResponseReturnValue:
    """Answer that the database can be reached and stands at this version's migration, or what to do about it."""
    try:
        with engine().connect() as connection:
            stands_at = present(connection)
    except SQLAlchemyError as error:
        return error_page(trouble_of(error), code=503)
    if stands_at != newest():
        return error_page(NOT_MIGRATED)
    return jsonify(status="ready", migration=stands_at)


def set_up_health(app: Flask) -> None:
    """Declare the two addresses."""
    declare(app, "/healthz", healthz)
    declare(app, "/readyz", readyz)
