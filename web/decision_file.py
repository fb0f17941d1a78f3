"""The file of a decision, sent along with the form that speaks of it: kept at once, so that it has to be chosen only once."""

from typing import Any

from flask import request
from sqlalchemy.orm import Session

from web.routing import ProofNeeded
from web.stored_files import evidence_store
from web.visitor import proved_lately
from workflow.actor import Actor
from workflow.evidence import Handed, Particulars
from workflow.papers import keep_paper

FILE, CHOSEN = "file", "decision_document"
"""The fields of the form: the file itself, and the number of one that was kept."""


def keep_decision(session: Session, actor: Actor, form: Any) -> None:  # noqa: ANN401  (forms of two pages, with the same fields)
    """Keep the file that came along and let the form choose it. It stays when the form is refused, or when a password is asked for first.

    A file that is not taken is refused at its field. What is said of the decision is said when the form is taken.
    """
    file = request.files.get(FILE)
    if file is None or not file.filename:
        return
    about = Particulars(number=form.decision_number.data or "", issued_on=form.decision_on.data)
    paper = keep_paper(session, actor, Handed(file.filename, file.read()), about, evidence_store(), FILE)
    session.commit()
    form.decision_document.data = str(paper.id)


def ask_proof(actor: Actor, form: Any) -> None:  # noqa: ANN401
    """Ask for the password where it was not typed just before; the form comes back with the file that was kept."""
    if not proved_lately(actor):
        raise ProofNeeded({CHOSEN: form.decision_document.data or ""})
