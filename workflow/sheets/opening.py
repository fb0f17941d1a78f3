"""What opens with an assessment, as the chair reads it before confirming: calendar, policies, presets, guidance."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Assessment, Catalogue, Document, GuidanceVersion, Organisation
from states.clocks import CLOCK_LABELS, Clock, local_day
from workflow.calendar import calendar_of, special_days
from workflow.sheets.method import PolicySaid, said_policies


@dataclass(frozen=True, slots=True)
class Opening:
    """An assessment in preparation, to be read in one look. `presets` names units with the codes that do not apply to them."""

    title: str
    year: int
    decision: str
    opens: date | None
    early: bool
    """Whether the day of opening is still to come: confirming opens at once all the same."""
    stages: tuple[tuple[str, datetime | None], ...]
    policies: tuple[PolicySaid, ...]
    presets: tuple[tuple[str, tuple[str, ...]], ...]
    guidance_version: int
    paper: tuple[str, str]
    """Address and name of the guidance document's file; empty where there is none."""
    days_off: tuple[date, ...]
    days_worked: tuple[date, ...]
    """What the calendar says beyond the holidays of Vietnam."""


def opening_of(session: Session, assessment: Assessment, now: datetime) -> Opening:
    """Return what a confirmed opening would start; six statements."""
    catalogue, calendar = session.get_one(Catalogue, assessment.catalogue_id), calendar_of(session, assessment.id, [])
    given = assessment.calendar.get("opens")
    opens = date.fromisoformat(given) if given else None
    presets = assessment.calendar.get("presets", {})
    names = dict(session.execute(select(Organisation.code, Organisation.name).where(Organisation.code.in_(presets))).all())
    version = session.get(GuidanceVersion, assessment.guidance_version_id) if assessment.guidance_version_id else None
    document = session.get(Document, assessment.guidance_document_id) if assessment.guidance_document_id else None
    days = special_days(session, assessment.id)
    return Opening(
        assessment.title, assessment.year, f"{catalogue.decision['number']}: {catalogue.title}", opens,
        opens is not None and opens > local_day(now),
        tuple((CLOCK_LABELS[clock], calendar.until(clock)) for clock in Clock if clock is not Clock.EXPLANATION),
        said_policies(assessment.policies), tuple((names.get(unit, unit), tuple(codes)) for unit, codes in presets.items()),
        version.number if version else 0, (document.address, document.file_name) if document else ("", ""),
        tuple(day for day, working in days if not working), tuple(day for day, working in days if working),
    )  # fmt: skip
