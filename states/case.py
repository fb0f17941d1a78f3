"""The six states of a case, in the order of article 5 of Decision 5279."""

from enum import StrEnum

from states.words import N_


class CaseState(StrEnum):
    """Where a unit's assessment stands."""

    DRAFT = "draft"
    SELF_SCORED = "self_scored"
    ROUND1_REVIEWED = "round1_reviewed"
    EXPLANATION_REQUESTED = "explanation_requested"
    ROUND2_FINAL = "round2_final"
    PUBLISHED = "published"

    @property
    def label(self) -> str:
        """What people call it (source string in Vietnamese)."""
        return LABELS[self]

    @property
    def order(self) -> int:
        """Its place on the progress line, from 0."""
        return tuple(CaseState).index(self)


LABELS = {
    CaseState.DRAFT: N_("Đang tự chấm"),
    CaseState.SELF_SCORED: N_("Đã nộp tự chấm"),
    CaseState.ROUND1_REVIEWED: N_("Đã thẩm định vòng 1"),
    CaseState.EXPLANATION_REQUESTED: N_("Chờ giải trình"),
    CaseState.ROUND2_FINAL: N_("Đã chốt vòng 2"),
    CaseState.PUBLISHED: N_("Đã công bố"),
}

ALL = frozenset(CaseState)
BEFORE_PUBLISHED = ALL - {CaseState.PUBLISHED}
SUBMITTED = ALL - {CaseState.DRAFT}
RELEASED = SUBMITTED - {CaseState.SELF_SCORED}
