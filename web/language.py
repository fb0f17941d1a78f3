"""The two languages: Vietnamese in the source, English by choice; law labels and refusals are translated here, at the edge."""

from pathlib import Path

from flask import Flask, request
from flask_babel import Babel, gettext
from markupsafe import Markup

from states.refusal import Problem
from web.visitor import visitor

LOCALES = {"vi": "Tiếng Việt", "en": "English"}
DEFAULT = "vi"
COOKIE = "thamdinh-lang"
TRANSLATIONS = Path(__file__).parent / "translations"


def chosen_locale() -> str:
    """Return the language of this request: the person's, else the cookie's, else Vietnamese."""
    known = visitor()
    wanted = known.locale if known else request.cookies.get(COOKIE, "")
    return wanted if wanted in LOCALES else DEFAULT


def say(text: object) -> str:
    """Translate what the law says: a label, a sentence, or a `Problem` with its values (which may be labels themselves)."""
    if isinstance(text, Problem):
        params = {name: gettext(value) if isinstance(value, str) and value else value for name, value in text.params.items()}
        said = str(gettext(text.text))
        return said % params if params else said
    return str(gettext(str(text))) if text else ""


def vi() -> Markup:
    """Return the attribute that names Vietnamese where the page speaks another language: texts of the decision, what people typed."""
    return Markup("") if chosen_locale() == DEFAULT else Markup(f' lang="{DEFAULT}"')  # noqa: S704  (a constant)


def set_up_language(app: Flask) -> None:
    """Set up Flask-Babel; templates get `_`, the filter `said`, and `vi` for elements whose text is Vietnamese in any language."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    Babel(app, default_locale=DEFAULT, default_timezone="Asia/Ho_Chi_Minh", locale_selector=chosen_locale)
    app.add_template_filter(say, "said")
    app.add_template_global(vi)
