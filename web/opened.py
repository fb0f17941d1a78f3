"""Notes, in short transactions of their own, that somebody opened a case of others, or what is not public yet of an assessment."""

from models.session import transaction
from states.clocks import HANOI
from web.visitor import engine
from workflow.actor import Actor
from workflow.clock import working_now
from workflow.draft_openings import note_draft_opened
from workflow.openings import is_noted, note_case_opened


def note_case_opening(actor: Actor, assessment: str, unit: str) -> None:
    """Note that somebody opened this case, where that is noted."""
    if is_noted(actor):
        with transaction(engine()) as session:
            note_case_opened(session, actor, assessment, unit)


def note_draft_opening(actor: Actor, assessment: str, what: str) -> str:
    """Note the opening of `what` (`workflow.draft_openings`); return what stands at the foot of every page that is taken away."""
    with transaction(engine()) as session:
        note_draft_opened(session, actor, assessment, what)
        now = working_now(session).astimezone(HANOI)
    return f"Bản dự kiến, chưa công bố. {actor.name}, {now:%H:%M %d/%m/%Y}"
