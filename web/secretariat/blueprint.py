"""The blueprint of the secretariat's pages, and what they share: noting that something not public was opened, and files to take away."""

from flask import Blueprint, Response, current_app

from models.session import transaction
from states.clocks import HANOI
from web.visitor import engine
from workflow.actor import Actor
from workflow.clock import working_now
from workflow.draft_openings import note_draft_opened

blueprint = Blueprint("secretariat", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def note_opening(actor: Actor, assessment: str, what: str) -> str:
    """Note the opening in a short transaction of its own; return what stands at the foot of every page that is taken away."""
    with transaction(engine()) as session:
        note_draft_opened(session, actor, assessment, what)
        now = working_now(session).astimezone(HANOI)
    return f"Bản dự kiến, chưa công bố. {actor.name}, {now:%H:%M %d/%m/%Y}"


def workbook_response(content: bytes, name: str) -> Response:
    """Return a workbook as a file to save."""
    response = current_app.response_class(content, content_type=XLSX)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
