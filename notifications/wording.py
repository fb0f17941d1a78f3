"""How mails speak: sentences in both languages side by side, days and deadlines, and the frame around every mail."""

from dataclasses import dataclass
from datetime import date, datetime

from states.clocks import HANOI, Clock, local_day

ENGLISH = "en"
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence in both languages, with the same {places}."""

    vi: str
    en: str

    def to(self, locale: str) -> str:
        """Return it in the reader's language; Vietnamese unless English was chosen."""
        return self.en if locale == ENGLISH else self.vi


CLOCKS = {
    Clock.SELF_SCORE: Said("Hạn nộp tự chấm", "Deadline of the self-assessment"),
    Clock.ROUND_1: Said("Hạn thẩm định vòng 1", "Deadline of appraisal round 1"),
    Clock.EXPLANATION: Said("Hạn giải trình", "Deadline of the explanation"),
    Clock.ROUND_2: Said("Hạn thẩm định vòng 2", "Deadline of appraisal round 2"),
}
UNTIL = Said("{clock}: 23:59 ngày {day} (giờ Hà Nội), {left}.", "{clock}: 23:59 on {day} (Hanoi time), {left}.")
LEFT = Said("còn {days} ngày", "{days} days left")
LEFT_ONE = Said("còn 1 ngày", "1 day left")
LEFT_NONE = Said("là hôm nay", "today")
LATE = Said("đã quá {days} ngày", "{days} days ago")
LATE_ONE = Said("đã quá 1 ngày", "1 day ago")

MANY_UNITS = Said("Nhiều đơn vị", "Several units")
GREETING = Said("Kính gửi ông/bà {name},", "Dear {name},")
CLOSING = Said(
    "Thư này được gửi tự động và không chứa điểm; nội dung xem sau khi đăng nhập tại {home}\nXin không trả lời thư này.",
    "This mail was sent automatically and holds no scores; sign in to read more: {home}\nPlease do not reply to it.",
)
OPEN = Said("Mở: {link}", "Open: {link}")
WITHHELD = Said("(đường dẫn riêng của người nhận, không lưu lại)", "(the reader's own link, not kept)")
SUBJECT = Said("[Thẩm định{year}] {what}", "[Assessment{year}] {what}")
MANY = Said("{count} thông báo mới", "{count} new notices")
DIGEST = Said("Nhắc việc ngày {day}: {count} việc đang chờ", "Reminders of {day}: {count} waiting")
SENDER = "Thẩm định"


def day_in(day: date, locale: str) -> str:
    """Return a day as people write it."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}" if locale == ENGLISH else f"{day:%d/%m/%Y}"


def moment_in(moment: datetime, locale: str) -> str:
    """Return a moment in Hanoi as people write it."""
    return f"{moment.astimezone(HANOI):%H:%M} {day_in(local_day(moment), locale)}"


def deadline_in(clock: Clock, day: date, today: date, locale: str) -> str:
    """Return the sentence about a deadline (the day it is shown on) and how far it is."""
    return UNTIL.to(locale).format(clock=CLOCKS[clock].to(locale), day=day_in(day, locale), left=_left((day - today).days, locale))


def _left(days: int, locale: str) -> str:
    if days == 0:
        return LEFT_NONE.to(locale)
    one, many = (LEFT_ONE, LEFT) if days > 0 else (LATE_ONE, LATE)
    return one.to(locale) if abs(days) == 1 else many.to(locale).format(days=abs(days))
