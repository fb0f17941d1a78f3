"""The mail log as pages show it: filtered by the address, newest first; the secretariat's and the admin's pages share it."""

from typing import Any
from urllib.parse import urlencode

from flask import request
from sqlalchemy.orm import Session

from web.language import say
from web.plain_text import row_number
from workflow.actor import Actor
from workflow.ledger import FATE_LABELS, KIND_LABELS, Fate, Wanted, mail_log

LINES = 100


def log_view(session: Session, actor: Actor, slug: str, again: str) -> dict[str, Any]:
    """Return what the template `mail_log.html` needs; `again` is the endpoint that sends a mail once more."""
    who, kind, fate = (request.args.get(name, "").strip() for name in ("q", "loai", "ket-qua"))
    wanted = Wanted(slug, who, kind if kind in KIND_LABELS else "", Fate(fate) if fate in set(Fate) else None)
    before = row_number(request.args.get("truoc"))
    entries = mail_log(session, actor, wanted, before=before, limit=LINES + 1)
    older = entries[LINES - 1].id if len(entries) > LINES else None
    return {
        "entries": entries[:LINES], "wanted": wanted, "again": again, "older": older,
        "older_query": urlencode({**request.args.to_dict(), "truoc": older}) if older else "",
        "kinds": sorted(((name, say(label)) for name, label in KIND_LABELS.items()), key=lambda pair: pair[1]),
        "fates": [(fate.value, say(label)) for fate, label in FATE_LABELS.items()], "fate_labels": FATE_LABELS,
    }  # fmt: skip
