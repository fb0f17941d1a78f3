"""Publishing: the proposal with its dataset hash, the version that is written, and who may read it when (rules section 1, art. 5.5)."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.tables import Assessment, Case, Organisation, Publication
from states.case import CaseState
from states.facts import Asked
from states.refusal import Problem
from states.words import N_
from workflow.canonical import digest
from workflow.clock import read_working_clock, working_now
from workflow.dataset import build_dataset, dataset_hash

SETTLED = {CaseState.ROUND2_FINAL.value, CaseState.PUBLISHED.value}
CHANGED = N_("Dữ liệu đã thay đổi sau khi đề xuất; cần đề xuất lại.")


def unfinished(session: Session, assessment: Assessment) -> list[Problem]:
    """Return the cases that are neither final, published nor excluded: they stand in the way of publishing."""
    query = select(Organisation.code).join(Case, Case.unit_id == Organisation.id)
    query = query.where(Case.assessment_id == assessment.id, Case.state.not_in(SETTLED), Case.excluded_at.is_(None)).order_by(
        Organisation.sort_key
    )
    return [Problem(N_("Hồ sơ chưa chốt kết quả."), code) for code in session.scalars(query)]


def result_hash(session: Session, assessment: Assessment, asked: Asked) -> str:
    """Return the hash of what would be published with this decision: dataset, number, date and file."""
    return hash_of_result(build_dataset(session, assessment), asked)


def hash_of_result(dataset: dict[str, Any], asked: Asked) -> str:
    """Return the hash both people must see, of a dataset that was built already."""
    decision = [asked.decision_number, asked.decision_on.isoformat() if asked.decision_on else "", asked.decision_document]
    return digest("thamdinh/publication/1", {"dataset": dataset_hash(dataset), "decision": decision})


def make_publication(session: Session, assessment: Assessment, asked: Asked, proposal_id: int | None) -> Publication:
    """Write the next version; the earlier ones stay public."""
    assert asked.decision_on is not None, "the guard of the move has seen it"
    session.flush()
    dataset = build_dataset(session, assessment)
    last = latest(session, assessment.id)
    made = Publication(
        assessment_id=assessment.id, version=(last.version if last else 0) + 1, dataset=dataset, sha256=dataset_hash(dataset),
        decision_number=asked.decision_number.strip(), decision_on=asked.decision_on, decision_document_id=asked.decision_document,
        proposal_id=proposal_id, amends_id=last.id if last else None, visible_from=asked.visible_from or working_now(session),
        published_at=working_now(session),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def latest(session: Session, assessment_id: int) -> Publication | None:
    """Return the newest version, visible or not."""
    query = select(Publication).where(Publication.assessment_id == assessment_id).order_by(Publication.version.desc())
    return session.scalars(query.limit(1)).first()


def visible(session: Session, assessment_id: int, version: int | None = None) -> Publication | None:
    """Return the newest version (or the one asked for) that everybody may read now; `visible_from` gates every reader."""
    query = select(Publication).where(Publication.assessment_id == assessment_id, Publication.visible_from <= read_working_clock(session))
    if version is not None:
        query = query.where(Publication.version == version)
    return session.scalars(query.order_by(Publication.version.desc()).limit(1)).first()


def is_public(session: Session, assessment_id: int) -> bool:
    """Return whether some version is visible."""
    query = select(func.count()).select_from(Publication)
    return bool(
        session.scalar(query.where(Publication.assessment_id == assessment_id, Publication.visible_from <= read_working_clock(session)))
    )
