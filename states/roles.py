"""The roles, and which part a membership plays on a case or an assignment.

A part is one lambda over (membership, row): with two objects it answers yes or no, with a membership and a
mapped class it is a filter for lists, with the membership's class and a row it finds whom to tell.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from states.words import N_


class Role(StrEnum):
    """What a membership lets one do. `system` and `public` have no membership."""

    UNIT_STAFF = "unit_staff"
    UNIT_HEAD = "unit_head"
    GRADER = "grader"
    GRADER_LEAD = "grader_lead"
    SECRETARIAT = "secretariat"
    COUNCIL_MEMBER = "council_member"
    DEPUTY = "deputy"
    CHAIR = "chair"
    AUDITOR = "auditor"
    ADMIN = "admin"
    SYSTEM = "system"
    PUBLIC = "public"

    @property
    def label(self) -> str:
        """What people call it (source string in Vietnamese)."""
        return LABELS[self]


LABELS = {
    Role.UNIT_STAFF: N_("Cán bộ nhập"),
    Role.UNIT_HEAD: N_("Lãnh đạo đơn vị"),
    Role.GRADER: N_("Cán bộ chấm"),
    Role.GRADER_LEAD: N_("Phụ trách chấm"),
    Role.SECRETARIAT: N_("Tổ thư ký"),
    Role.COUNCIL_MEMBER: N_("Ủy viên Hội đồng"),
    Role.DEPUTY: N_("Phó Chủ tịch Hội đồng"),
    Role.CHAIR: N_("Chủ tịch Hội đồng"),
    Role.AUDITOR: N_("Giám sát"),
    Role.ADMIN: N_("Quản trị"),
    Role.SYSTEM: N_("Hệ thống"),
    Role.PUBLIC: N_("Công chúng"),
}

UNIT = frozenset({Role.UNIT_STAFF, Role.UNIT_HEAD})
BODY = frozenset({Role.GRADER, Role.GRADER_LEAD})
COUNCIL = frozenset({Role.COUNCIL_MEMBER, Role.DEPUTY, Role.CHAIR})
CHAIRS = frozenset({Role.DEPUTY, Role.CHAIR})
STAFF = COUNCIL | {Role.SECRETARIAT, Role.AUDITOR}
SIGNED_IN = UNIT | BODY | STAFF | {Role.ADMIN}

Part = Callable[[Any, Any], Any]


def _own(membership: Any, case: Any) -> Any:  # noqa: ANN401  (objects or columns)
    return membership.organisation_id == case.unit_id


def _foreign(membership: Any, case: Any) -> Any:  # noqa: ANN401
    return membership.organisation_id != case.unit_id


CASE_PARTS: dict[Role, Part] = {
    **dict.fromkeys(UNIT, _own),
    **dict.fromkeys(BODY, _foreign),
    **dict.fromkeys(STAFF, _foreign),
    Role.ADMIN: _foreign,
}
"""For a body this is necessary, not enough: it also needs an assignment on the case (below)."""


def assigned(membership: Any, assignment: Any) -> Any:  # noqa: ANN401
    """Whether the assignment belongs to the membership's body (graders are scoped to assignments, not cases)."""
    return assignment.body_id == membership.organisation_id


AUDIENCES: dict[str, tuple[frozenset[Role], str]] = {
    "unit": (UNIT, "case"),
    "heads": (frozenset({Role.UNIT_HEAD}), "case"),
    "bodies": (BODY, "assignment"),
    "regraders": (BODY, "contested"),
    "leads": (frozenset({Role.GRADER_LEAD}), "assignment"),
    "council": (COUNCIL, "assessment"),
    "named": (COUNCIL, "named"),
    "chairs": (CHAIRS, "assessment"),
    "secretariat": (frozenset({Role.SECRETARIAT}), "assessment"),
    "all_units": (UNIT, "assessment"),
    "all_bodies": (BODY, "assessment"),
}
"""Whom a move or act tells: roles, and whether by the case, its assignments, its contested ones, whom the chair named for it, or all."""
