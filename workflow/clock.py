"""The two clocks: the working clock, which demo and tests may move, and the machine's, which nobody does."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import DemoClock


def machine_now() -> datetime:
    """Return the machine's moment: for sessions, leases and `recorded_at`."""
    return datetime.now(UTC)


def working_now(session: Session) -> datetime:
    """Return the working clock's moment, read once per transaction: for deadlines, reminders and the `at` of events."""
    known = session.info.get("working_now")
    if known is None:
        known = session.info["working_now"] = read_working_clock(session)
    return known


def read_working_clock(session: Session) -> datetime:
    """Return the working moment as it stands in the database now; without a row it is the machine's."""
    return working_at(session, machine_now())


def working_at(session: Session, happened: datetime) -> datetime:
    """Return the working moment of something that happened at a moment of the machine's, such as the arrival of a request."""
    row = session.execute(select(DemoClock.offset_seconds, DemoClock.fixed_at)).first()
    if row is None:
        return happened
    return row.fixed_at or happened + timedelta(seconds=row.offset_seconds)


def beside_working(session: Session, happened: datetime) -> datetime:
    """Return a moment of the machine's as it is shown beside moments of the working clock, which a demo moves."""
    return happened + (working_now(session) - machine_now())


def set_working_clock(session: Session, at: datetime, *, fixed: bool = False) -> None:
    """Move the working clock to `at`, from where it runs on, or (`fixed`) stands still."""
    row = session.scalars(select(DemoClock)).first()
    if row is None:
        row = DemoClock(offset_seconds=0)
        session.add(row)
    row.fixed_at = at if fixed else None
    row.offset_seconds = round((at - machine_now()).total_seconds())
    session.info["working_now"] = at
    session.flush()
