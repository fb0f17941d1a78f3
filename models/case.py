"""A case is one unit in one assessment; an item is one of its indicators; an assignment is one item to be graded by one body."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Code, Hash, Key, Name, Points, Prose, to
from states.case import CaseState
from states.items import Applicability


def one_of(column: str, values: type[CaseState | Applicability]) -> str:
    """Return the check that a text column holds a value of the enumeration."""
    return f"{column} in ({', '.join(repr(value.value) for value in values)})"


class Case(Base):
    """One unit's assessment. Only `workflow.move` writes `state`; totals are kept per stage in ten-thousandths of a point."""

    __tablename__ = "case"
    __table_args__ = (
        UniqueConstraint("assessment_id", "unit_id"),
        CheckConstraint(one_of("state", CaseState), name="state"),
        Index("ix_case_by_state", "assessment_id", "state"),
    )

    id: Mapped[Key]
    assessment_id: Mapped[int] = to("assessment.id")
    unit_id: Mapped[int] = to("organisation.id")
    indicator_set_id: Mapped[int] = to("indicator_set.id")
    ranking_group: Mapped[Name]
    state: Mapped[Code] = mapped_column(default=CaseState.DRAFT.value)
    version: Mapped[int] = mapped_column(default=0)
    excluded_at: Mapped[datetime | None]
    excluded_reason: Mapped[Prose] = mapped_column(default="")
    submitted_at: Mapped[datetime | None]
    frozen_blank_reason: Mapped[Prose] = mapped_column(default="")
    """The one reason for self-scores left empty when the case was closed unsubmitted."""
    released_at: Mapped[datetime | None]
    round1_accepted_at: Mapped[datetime | None]
    explanation_round: Mapped[int] = mapped_column(default=0)
    explanation_sent_at: Mapped[datetime | None]
    finalised_at: Mapped[datetime | None]
    correction_id: Mapped[int | None]
    """The proposal or act under which a published case is being corrected."""
    inspection_on: Mapped[date | None]
    self_total: Mapped[Points | None]
    self_maximum: Mapped[Points | None]
    round1_total: Mapped[Points | None]
    round1_maximum: Mapped[Points | None]
    final_total: Mapped[Points | None]
    final_maximum: Mapped[Points | None]
    chain_seq: Mapped[int] = mapped_column(default=0)
    chain_head: Mapped[Hash]

    @property
    def answered(self) -> bool:
        """Whether the unit has sent its explanation of the running round, or agreed, which counts as sent."""
        return self.explanation_sent_at is not None or self.round1_accepted_at is not None


class Item(Base):
    """One indicator of one case: the mutable draft, and pointers to the entries that stand now."""

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("case_id", "indicator_id"),
        CheckConstraint(one_of("applicability", Applicability), name="applicability"),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = to("case.id")
    indicator_id: Mapped[int] = to("indicator.id")
    guidance_id: Mapped[int] = to("guidance.id")
    maximum: Mapped[Points]
    self_scored: Mapped[bool]
    needs_confirmation: Mapped[bool] = mapped_column(default=False)
    applicability: Mapped[Code] = mapped_column(default=Applicability.APPLICABLE.value)
    na_reason: Mapped[Prose] = mapped_column(default="")
    na_decision_reason: Mapped[Prose] = mapped_column(default="")
    draft_inputs: Mapped[dict[str, Any] | None]
    draft_points: Mapped[Points | None]
    draft_text: Mapped[Prose] = mapped_column(default="")
    draft_at: Mapped[datetime | None]
    draft_by_id: Mapped[int | None] = to("person.id")
    version: Mapped[int] = mapped_column(default=0)
    content_hash: Mapped[Hash] = mapped_column(default="")
    """Of what was last submitted; grades on unchanged content stand after a recall."""
    self_entry_id: Mapped[int | None]
    decision1_entry_id: Mapped[int | None]
    decision2_entry_id: Mapped[int | None]
    questioned_round: Mapped[int] = mapped_column(default=0)
    """The explanation round for which a question made it contestable; 0 for none."""
    reopened_round: Mapped[int] = mapped_column(default=0)
    """The explanation round that `reopen` named it for: a newer grade or decision is needed."""


class Assignment(Base):
    """One item to be graded by one body, or by a council member named for it (`body_id` empty)."""

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("item_id", "body_id"),
        Index("ix_assignment_open", "body_id", "ended_at"),
    )

    id: Mapped[Key]
    item_id: Mapped[int] = to("item.id")
    body_id: Mapped[int | None] = to("organisation.id")
    council: Mapped[bool] = mapped_column(default=False)
    person_id: Mapped[int | None] = to("person.id")
    reroute_reason: Mapped[Code] = mapped_column(default="")
    instead_of_id: Mapped[int | None] = to("organisation.id")
    """The body that would have graded its own case."""
    round1_entry_id: Mapped[int | None]
    round2_entry_id: Mapped[int | None]
    signed1_by_id: Mapped[int | None] = to("person.id")
    signed1_at: Mapped[datetime | None]
    signed2_by_id: Mapped[int | None] = to("person.id")
    signed2_at: Mapped[datetime | None]
    na_answer: Mapped[Code] = mapped_column(default="")
    """What the body says of a not-applicable request: agreed, refused or nothing yet."""
    na_answer_reason: Mapped[Prose] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=0)
    flagged: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None]


class CaseReason(Base):
    """Why an act or move was done to a case. Append-only, in the database too; the event beside it holds no words."""

    __tablename__ = "case_reason"

    id: Mapped[Key]
    case_id: Mapped[int] = to("case.id")
    act: Mapped[Code]
    reason: Mapped[Prose]
    person_id: Mapped[int | None] = to("person.id")
    membership_id: Mapped[int | None] = to("membership.id")
    at: Mapped[datetime]


class Side(Base):
    """Who has written on a case on which side; nobody stands on both in one season (rules section 3)."""

    __tablename__ = "side"
    __table_args__ = (UniqueConstraint("case_id", "person_id", "side"),)

    id: Mapped[Key]
    case_id: Mapped[int] = to("case.id")
    person_id: Mapped[int] = to("person.id")
    side: Mapped[Code]
