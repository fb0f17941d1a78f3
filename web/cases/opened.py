"""A page that shows a case of another organisation leaves a note of it, in a short transaction of its own."""

from models.session import transaction
from web.visitor import engine
from workflow.actor import Actor
from workflow.openings import is_noted, note_case_opened


def note_opening(actor: Actor, assessment: str, unit: str) -> None:
    """Note that somebody opened this case, where that is noted."""
    if is_noted(actor):
        with transaction(engine()) as session:
            note_case_opened(session, actor, assessment, unit)
