"""Who sees which part of a case when (rules section 7), as one table; sheets mask with it, docs and tests are made from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from states.case import RELEASED, SUBMITTED, CaseState
from states.roles import BODY, COUNCIL, UNIT, Role
from states.words import N_


class Part(StrEnum):
    """A part of what is known about an item or a case."""

    SELF = "self"
    EVIDENCE = "evidence"
    ROUND1 = "round1"
    EXPLANATION = "explanation"
    ROUND2 = "round2"
    ROUND1_TOTAL = "round1_total"
    FINAL_TOTAL = "final_total"
    INTERNAL_NOTE = "internal_note"


@dataclass(frozen=True, slots=True)
class Seen:
    """What decides: the case's state, and four facts. `mine` for a body: the assignment is its own."""

    state: CaseState
    published: bool = False
    """In a publication that is visible."""
    mine: bool = False
    sent: bool = False
    """The explanation was sent."""
    all_signed: bool = False
    """Every body of a joint item has signed this round."""
    round2_when_final: bool = False
    """Policy: the unit sees round 2 once it is final."""


Rule = Callable[[Seen], bool]


def always(_: Seen) -> bool:
    """At any time."""
    return True


def once_submitted(seen: Seen) -> bool:
    """When the unit has handed in."""
    return seen.state in SUBMITTED


def after_release(seen: Seen) -> bool:
    """When round 1 was released."""
    return seen.state in RELEASED


def own_or_both_signed(seen: Seen) -> bool:
    """Its own grade; the joint partner's only after both signed."""
    return seen.mine or seen.all_signed


def once_sent(seen: Seen) -> bool:
    """When the head has sent it."""
    return seen.sent


def after_publication(seen: Seen) -> bool:
    """In a publication that is visible."""
    return seen.published


def round2_for_unit(seen: Seen) -> bool:
    """After publication, or once final where the policy says so."""
    return seen.published or (seen.round2_when_final and seen.state in {CaseState.ROUND2_FINAL, CaseState.PUBLISHED})


SAID: Mapping[Rule, str] = {
    always: N_("luôn luôn"),
    once_submitted: N_("khi đã nộp"),
    after_release: N_("sau khi gửi kết quả vòng 1"),
    own_or_both_signed: N_("của mình; của bên cùng chấm sau khi cả hai đã ký"),
    once_sent: N_("khi đã gửi"),
    after_publication: N_("sau khi công bố"),
    round2_for_unit: N_("sau khi công bố (theo chính sách)"),
}

_UNIT: dict[Part, Rule] = {
    Part.SELF: always, Part.EVIDENCE: always, Part.ROUND1: after_release, Part.EXPLANATION: always, Part.ROUND2: round2_for_unit,
    Part.ROUND1_TOTAL: after_release, Part.FINAL_TOTAL: after_publication,
}  # fmt: skip
_BODY: dict[Part, Rule] = {
    Part.SELF: once_submitted, Part.EVIDENCE: once_submitted, Part.ROUND1: own_or_both_signed, Part.EXPLANATION: once_sent,
    Part.ROUND2: own_or_both_signed, Part.ROUND1_TOTAL: after_publication, Part.FINAL_TOTAL: after_publication,
    Part.INTERNAL_NOTE: own_or_both_signed,
}  # fmt: skip
_COUNCIL: dict[Part, Rule] = {
    Part.SELF: once_submitted, Part.EVIDENCE: once_submitted, Part.ROUND1: always, Part.EXPLANATION: once_sent,
    Part.ROUND2: always, Part.ROUND1_TOTAL: always, Part.FINAL_TOTAL: always, Part.INTERNAL_NOTE: always,
}  # fmt: skip
_SECRETARIAT: dict[Part, Rule] = {part: rule for part, rule in _COUNCIL.items() if part is not Part.INTERNAL_NOTE}

VISIBILITY: Mapping[Role, Mapping[Part, Rule]] = {
    **dict.fromkeys(UNIT, _UNIT),
    **dict.fromkeys(BODY, _BODY),
    **dict.fromkeys(COUNCIL | {Role.AUDITOR}, _COUNCIL),
    Role.SECRETARIAT: _SECRETARIAT,
    Role.ADMIN: {Part.ROUND1_TOTAL: after_publication, Part.FINAL_TOTAL: after_publication},
    Role.PUBLIC: {Part.FINAL_TOTAL: after_publication},
}


def sees(role: Role, part: Part, seen: Seen) -> bool:
    """Return whether a role sees a part; absent means never."""
    rule = VISIBILITY.get(role, {}).get(part)
    return rule is not None and rule(seen)
