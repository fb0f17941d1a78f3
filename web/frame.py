"""What the frame around every page reads: who is here, the languages, the way in and out, the time of the server."""

from typing import Any

from flask import Flask, g, request, url_for
from flask_babel import gettext

from web.language import LOCALES, chosen_locale, say
from web.navigation import LINKS, RESULTS, STRANGERS, shown
from web.seat import seat
from web.security import HOME, page_above
from web.visitor import visitor
from workflow.clock import machine_now

PERSON_WITHOUT_ROLE = ""


def _person() -> dict[str, Any] | None:
    known = visitor()
    if known is None:
        return None
    return {
        "id": known.person_id,
        "name": known.name,
        "email": known.email,
        "own_url": url_for("own.show"),
        "role": say(known.actor.role.label) if known.actor else PERSON_WITHOUT_ROLE,
        "organisation": known.organisation,
        "organisation_short": known.organisation_short,
        "switch_url": url_for("accounts.roles") if known.memberships > 1 or known.actor is None else "",
    }


def frame() -> dict[str, Any]:
    """Return the names that `base.html` and the macros read on every page."""
    locale = chosen_locale()
    known = visitor()
    return {
        "lang": locale,
        "languages": [(code, name, code == locale) for code, name in LOCALES.items()],
        "here_url": request.full_path if request.method == "GET" else page_above(request.path),
        "language_url": url_for("accounts.set_language"),
        "person": _person(),
        "actor": known.actor if known else None,
        "nav": shown((*LINKS, RESULTS), known.actor) if known else shown(STRANGERS, None),
        "home": HOME if known else "/",
        "sign_in_url": url_for("accounts.sign_in"),
        "sign_out_url": url_for("accounts.sign_out"),
        "server_now": (g.get("arrived_at") or machine_now()).isoformat(),
        "incident": g.get("request_id", ""),
    }


def set_up_frame(app: Flask, *, demo: bool) -> None:
    """Hand the frame to every template."""
    app.context_processor(frame)
    app.jinja_env.globals["seat"] = seat  # macros see it without the context of their page
    app.context_processor(lambda: {"demo": gettext("Bản trình diễn. Điểm số, văn bản và tên người ở đây đều là giả định.") if demo else ""})
