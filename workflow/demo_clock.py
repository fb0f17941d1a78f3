"""The demo's clock: moved forward by hand, so that deadlines lock and reminders go out before one's eyes."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from states.clocks import end_of_day
from states.refusal import Problem, Refused
from states.words import N_
from workflow.clock import set_working_clock, working_now

FARTHEST = timedelta(days=730)
MORNING = timedelta(hours=8)


def move_clock(session: Session, *, days: int = 0, to: date | None = None) -> datetime:
    """Set the working clock some days on, or to the morning of a day. Refused backwards, since what was recorded stays recorded."""
    now = working_now(session)
    at = end_of_day(to - timedelta(days=1)) + MORNING if to else now + timedelta(days=days)
    if at <= now:
        raise Refused(Problem(N_("Đồng hồ chỉ đi tới. Hãy chọn một ngày sau hôm nay của bản trình diễn."), "to"))
    if at > now + FARTHEST:
        raise Refused(Problem(N_("Mỗi lần chỉ đi tới được hai năm."), "to"))
    set_working_clock(session, at)
    return at
