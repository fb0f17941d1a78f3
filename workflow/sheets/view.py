"""One case in the eyes of one actor: opened by the matrix, and the word on which parts of it he or she sees (rules section 7)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.tables import Assessment, Case, Organisation, Publication
from states.case import CaseState
from states.items import Stage
from states.policies import policy_value
from states.refusal import Problem, Refused
from states.roles import BODY, UNIT, Role
from states.standing import Graded, Standing
from states.visibility import Part, Seen, sees
from workflow.access import check_may_write, reads_case, require_case
from workflow.actor import Actor
from workflow.clock import working_now
from workflow.publishing import latest, visible


@dataclass(frozen=True, slots=True)
class View:
    """Who looks at which case. Sheets are made from it; pages never see it."""

    actor: Actor
    assessment: Assessment
    case: Case
    unit: Organisation
    now: datetime
    public: bool
    """The case stands as it is in the newest publication, and that is visible."""
    contents: bool
    """Whether items may be shown at all, or only counts."""

    @property
    def state(self) -> CaseState:
        """The state of the case."""
        return CaseState(self.case.state)

    @property
    def own(self) -> bool:
        """Whether the actor looks as the unit itself."""
        return self.actor.role in UNIT

    @property
    def body(self) -> bool:
        """Whether the actor looks as a grading body."""
        return self.actor.role in BODY

    def sees(self, part: Part, *, mine: bool = False, sent: bool = False, all_signed: bool = False) -> bool:
        """Return whether the actor sees a part of an item (or a total) now."""
        policy = policy_value(self.assessment.policies, "round2_seen") == "final"
        seen = Seen(self.state, self.public, mine, sent, all_signed, policy)
        return self.contents and sees(self.actor.role, part, seen)

    def owns(self, grade: Graded) -> bool:
        """Return whether a grade is the actor's own body's."""
        return self.body and not grade.council and grade.body == self.actor.organisation_code

    def sees_grade(self, part: Part, item: Standing, grade: Graded) -> bool:
        """Return whether the actor sees what one assignment gave in round 1 or 2."""
        own = grade.council and grade.person_id == self.actor.person_id
        return self.sees(part, mine=self.owns(grade), all_signed=all_signed(item, part)) and (own or not self.blind(part, item))

    def blind(self, part: Part, item: Standing) -> bool:
        """Return whether the actor grades it in a body's place and must not know yet what the other bodies give."""
        return item.stood_in_by(self.actor.person_id) and not all_signed(item, part)

    def sees_result(self, part: Part, item: Standing) -> bool:
        """Return whether the actor sees what round 1 or 2 came to for an item, decisions included."""
        alone = len(item.open_grades) == 1 and self.owns(item.open_grades[0])
        return self.sees(part, mine=alone, all_signed=all_signed(item, part))


def all_signed(item: Standing, part: Part) -> bool:
    """Return whether every body of the item has signed the round a part is about."""
    if part is Part.ROUND2:
        return bool(item.open_grades) and all(item.closed(grade, second=True) for grade in item.open_grades)
    return bool(item.open_grades) and all(grade.signed1 and grade.round1 is not None for grade in item.open_grades)


SECOND = frozenset({Stage.ROUND2, Stage.DECISION2, Stage.CORRECTION})
"""The stages whose entries are part of round 2."""


def reading_action(role: Role) -> str:
    """Return the action under which a role opens a case."""
    return "see_case" if role in UNIT else "see_assigned_items" if role in BODY else "see_case_progress"


def open_view(session: Session, actor: Actor, slug: str, unit: str) -> View:
    """Return the view of a case. `NotFound` for whom it does not exist; `Refused` (conflict of interest) for one's own in another role."""
    held = require_case(session, actor, reading_action(actor.role), slug, unit)
    organisation = session.get_one(Organisation, held.case.unit_id)
    return View(
        actor, held.assessment, held.case, organisation, actor.arrived_at or working_now(session),
        _public(session, held.case, organisation.code), reads_case(actor, held.case),
    )  # fmt: skip


def _public(session: Session, case: Case, code: str) -> bool:
    """Return whether what the case holds now may be read by everybody: of a version still to come, only what it leaves as it was."""
    if case.state != CaseState.PUBLISHED:
        return False
    newest, shown = latest(session, case.assessment_id), visible(session, case.assessment_id)
    if newest is None or shown is None or newest.id == shown.id:
        return shown is not None
    return bool(_items(newest, code) == _items(shown, code))


def _items(publication: Publication, code: str) -> Any:  # noqa: ANN401  (JSON)
    return next((unit["items"] for unit in publication.dataset["units"] if unit["code"] == code), None)


def barred(session: Session, view: View) -> Problem | None:
    """Return why the actor may write nothing on this case (excluded, or stands on its other side), or nothing."""
    try:
        check_may_write(session, view.actor, view.case, "")
    except Refused as refused:
        return refused.problems[0]
    return None
