"""`K/nhat-ky`: the auditor's journal of a season, who opened what, and a walk along the chains on demand."""

from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from web.language import say
from web.plain_text import row_number
from web.routing import page
from workflow.actor import Actor
from workflow.sheets.journal import LABELS, SYSTEM, Wanted, chain_breaks, journal

blueprint = Blueprint("journal", __name__)
LOOKS = "mo"
"""The word of the address for the list of who opened what."""


@page(blueprint, "/ky/<assessment>/nhat-ky", action="see_journal")
def show_journal(session: Session, actor: Actor, assessment: str) -> ResponseReturnValue:
    """Show the acts, filtered by the address; `xem=mo` shows the openings, `kiem-tra=1` walks the chains."""
    shown, act = request.args.get("xem", ""), request.args.get("viec", "")
    wanted = Wanted(
        request.args.get("don-vi", "").strip(), act if act in LABELS else "", shown == SYSTEM, row_number(request.args.get("truoc"))
    )
    sheet = journal(session, actor, assessment, wanted, looks=shown == LOOKS)
    asked = "kiem-tra" in request.args
    return render_template(
        "auditor/journal.html", sheet=sheet, shown=shown if shown in {LOOKS, SYSTEM} else "", asked=asked,
        broken=chain_breaks(session, actor, assessment) if asked else (),
        acts=sorted(((name, say(label)) for name, label in LABELS.items()), key=lambda pair: pair[1]),
        older_query=urlencode({**request.args.to_dict(), "truoc": sheet.older}) if sheet.older else "",
    )  # fmt: skip
