"""Receipts of submissions: what the unit keeps in hand, and the public word on a code, *valid* or *not valid* and nothing else."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Case, Membership, Person, Submission
from states.refusal import NotFound
from states.results import total_of
from states.roles import UNIT
from workflow.access import require_case
from workflow.actor import Actor
from workflow.canonical import digest
from workflow.proof import root
from workflow.submitting import SUBMISSION_TAG

CODE = re.compile(r"[0-9a-f]{32}")
NUMBER = re.compile(r"[0-9A-Za-z]{2,20}-[0-9a-z-]{1,32}-[0-9]{2,3}")


@dataclass(frozen=True, slots=True)
class Receipt:
    """One submission as its unit sees it. `number` is what people call it ("00004-2025-01"), `code` what proves it."""

    number: str
    code: str
    sequence: int
    content_hash: str
    at: datetime
    person: str
    title: str
    points: int
    """The sum of the self-scores handed in, in ten-thousandths; requests for not applicable count nothing."""
    items: int
    requested: int
    evidence: int
    newest: bool
    by_unit: bool
    """Whether the unit handed it in; otherwise it was closed unsubmitted."""


def receipt_of(session: Session, actor: Actor, slug: str, unit: str, sequence: int | None = None) -> Receipt:
    """Return the receipt of a submission, the newest if none is named; `NotFound` for others than the unit, and before any submission."""
    if actor.role not in UNIT:
        raise NotFound
    held = require_case(session, actor, "see_case", slug, unit)
    query = select(Submission, Person.name, Person.title, Membership.organisation_id).outerjoin(Person, Person.id == Submission.person_id)
    query = query.outerjoin(Membership, Membership.id == Submission.membership_id)
    rows = session.execute(query.where(Submission.case_id == held.case.id).order_by(Submission.sequence.desc())).all()
    row = next((row for row in rows if sequence in {None, row.Submission.sequence}), None)
    if row is None:
        raise NotFound
    by_unit = row.organisation_id == held.case.unit_id
    number = number_of(unit, slug, row.Submission.sequence)
    return _receipt(row.Submission, number, row.name or "", row.title or "", row is rows[0], by_unit)


def _receipt(made: Submission, number: str, person: str, title: str, *flags: bool) -> Receipt:
    items: list[dict[str, Any]] = made.snapshot["items"]
    counting = [item for item in items if item["applicability"] == "applicable"]
    proofs = {proof["sha256"] or proof["link"] for item in items for proof in item["evidence"]}
    return Receipt(
        number, made.receipt_code, made.sequence, made.content_hash, made.at, person, title,
        total_of(item["points"] for item in counting), len(items), sum(item["applicability"] == "requested" for item in items),
        len(proofs), *flags,
    )  # fmt: skip


def number_of(unit: str, slug: str, sequence: int) -> str:
    """Return what a submission is called: unit, assessment and running number."""
    return f"{unit}-{slug}-{sequence:02d}"


def is_number(typed: str) -> bool:
    """Return whether this is what a submission is called, and not the code that proves it: people copy the larger of the two."""
    return NUMBER.fullmatch(typed) is not None


def folded_code(typed: str) -> str:
    """Return a code as it is stored: without the spaces and dashes it is printed and read out with."""
    return re.sub(r"[^0-9A-Za-z]+", "", typed).lower()


def is_valid(session: Session, code: str) -> bool:
    """Return whether a receipt code, typed in any grouping, is that of a submission whose stored content still is what was sealed then."""
    typed = folded_code(code)
    if not CODE.fullmatch(typed):
        return False
    made = session.scalars(select(Submission).join(Case, Case.id == Submission.case_id).where(Submission.receipt_code == typed)).first()
    return made is not None and _whole(made)


def _whole(made: Submission) -> bool:
    return made.content_hash == digest(SUBMISSION_TAG, made.snapshot) and made.root == root(made.snapshot["items"])
