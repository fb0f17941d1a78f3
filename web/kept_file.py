"""An official paper sent along with the form that speaks of it: kept at once, so that it has to be chosen only once."""

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
"""The fields of a form with a decision: the file itself, and the number of one that was kept."""


def keep_file(session: Session, actor: Actor, field: str, about: Particulars) -> str:
    """Keep the file of a field and return its number, or nothing where none came; one that is not taken is refused at the field.

    It stays when the form is refused, or when a password is asked for first.
    """
    file = request.files.get(field)
    if file is None or not file.filename:
        return ""
    paper = keep_paper(session, actor, Handed(file.filename, file.read()), about, evidence_store(), field)
    session.commit()
    return str(paper.id)


def keep_decision(session: Session, actor: Actor, form: Any) -> None:  # noqa: ANN401  (forms of two pages, with the same fields)
    """Keep the decision that came along and let the form choose it. What is said of it is said when the form is taken."""
    about = Particulars(number=form.decision_number.data or "", issued_on=form.decision_on.data)
    form.decision_document.data = keep_file(session, actor, FILE, about) or form.decision_document.data


def ask_proof(actor: Actor, form: Any) -> None:  # noqa: ANN401
    """Ask for the password where it was not typed just before; the form comes back with the file that was kept."""
    if not proved_lately(actor):
        raise ProofNeeded({CHOSEN: form.decision_document.data or ""})
