"""The words for what happens to one item: stages of its points, applicability, stances and verdicts."""

from enum import StrEnum

from states.words import N_


class Stage(StrEnum):
    """At which step points were given."""

    SELF = "self"
    ROUND1 = "round1"
    DECISION1 = "decision1"
    ROUND2 = "round2"
    DECISION2 = "decision2"
    CORRECTION = "correction"


STAGE_LABELS = {
    Stage.SELF: N_("Tự chấm"),
    Stage.ROUND1: N_("Thẩm định vòng 1"),
    Stage.DECISION1: N_("Hội đồng quyết định vòng 1"),
    Stage.ROUND2: N_("Thẩm định vòng 2"),
    Stage.DECISION2: N_("Hội đồng quyết định vòng 2"),
    Stage.CORRECTION: N_("Hội đồng đính chính"),
}


class Applicability(StrEnum):
    """Whether the indicator counts for the unit. `removed` is a preset by the council before opening."""

    APPLICABLE = "applicable"
    REQUESTED = "requested"
    NOT_APPLICABLE = "not_applicable"
    REFUSED = "refused"

    @property
    def counts(self) -> bool:
        """Whether it stays in numerator and maximum; a request does until it is granted."""
        return self is not Applicability.NOT_APPLICABLE

    @property
    def asked(self) -> bool:
        """Whether the unit asked, and the council has not agreed: its self-score is 0 (rules section 2)."""
        return self in {Applicability.REQUESTED, Applicability.REFUSED}


APPLICABILITY_LABELS = {
    Applicability.APPLICABLE: N_("Áp dụng"),
    Applicability.REQUESTED: N_("Xin không phát sinh"),
    Applicability.NOT_APPLICABLE: N_("Không phát sinh"),
    Applicability.REFUSED: N_("Không chấp nhận đề nghị"),
}


class Stance(StrEnum):
    """What the unit says to the round-1 result of one item."""

    AGREE = "agree"
    CONTEST = "contest"


class Verdict(StrEnum):
    """What a body says of an explanation."""

    ACCEPTED = "accepted"
    PARTLY = "partly"
    NOT_ACCEPTED = "not_accepted"


VERDICT_LABELS = {
    Verdict.ACCEPTED: N_("Chấp nhận"),
    Verdict.PARTLY: N_("Chấp nhận một phần"),
    Verdict.NOT_ACCEPTED: N_("Không chấp nhận"),
}
