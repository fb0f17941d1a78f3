"""Puts the web together: settings in, a Flask application out."""

from flask import Flask

from models.session import make_engine
from settings import Settings
from web import accounts, admin, cases, council, demo, grading, journal, own_account, password_pages, public, secretariat, work
from web.errors import set_up_errors
from web.filters import set_up_filters
from web.frame import set_up_frame
from web.health import set_up_health
from web.language import set_up_language
from web.limits import set_up_limits
from web.security import set_up_security
from web.sessions import Sessions
from web.statics import set_up_statics
from web.visitor import set_up_visitor
from workflow.signing_in import ABSOLUTE, IDLE

BLUEPRINTS = (
    accounts.blueprint,
    password_pages.blueprint,
    own_account.blueprint,
    admin.blueprint,
    cases.blueprint,
    grading.blueprint,
    council.blueprint,
    public.blueprint,
    secretariat.blueprint,
    journal.blueprint,
    work.blueprint,
)
"""One line per part of the site; a new part adds its own."""


def create_app(settings: Settings) -> Flask:
    """Return the application for these settings; nothing is read from the environment, and no database is touched yet."""
    app = Flask(__name__, static_folder=None)
    app.config.update(SETTINGS=settings, DEMO=settings.demo, SESSION_IDLE=ABSOLUTE if settings.demo else IDLE, LOGIN_DISABLED=False)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["engine"] = make_engine(settings.database_url, pool_pre_ping=True)
    app.session_interface = Sessions(settings.signing_key(), secure=settings.base_url.startswith("https://"))
    set_up_statics(app)
    set_up_security(app, settings)
    set_up_limits(app, settings.redis_url)
    set_up_visitor(app)
    set_up_language(app)
    set_up_filters(app)
    set_up_errors(app)
    set_up_health(app)
    set_up_frame(app, demo=settings.demo)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if settings.demo:
        app.register_blueprint(accounts.demo_blueprint)
        app.register_blueprint(demo.blueprint)
    return app
