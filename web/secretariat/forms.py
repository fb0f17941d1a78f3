"""The forms of the secretariat's pages; what they mean is checked by the workflow."""

from datetime import datetime, time

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from states.clocks import HANOI, end_of_day
from states.facts import Asked
from web.dates import Day, TimeOfDay
from web.lengths import at_most
from web.plain_text import row_number

BAD_YEAR = _l("Năm là một số, ví dụ 2026.")
MISSING_DATE = _l("Cần ghi ngày.")


class Year(IntegerField):  # type: ignore[misc]
    """A year, with a sentence people understand when it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(BAD_YEAR)) from None


class ExtendForm(FlaskForm):  # type: ignore[misc]
    """More time for one case."""

    unit = StringField(_l("Đơn vị"), [at_most(64)])
    until = Day(_l("Hạn mới"), (Optional(),))
    reason = TextAreaField(_l("Lý do"), [at_most(5000)])

    def moment(self) -> datetime | None:
        """Return the end of the day."""
        return end_of_day(self.until.data) if self.until.data else None


class DecisionForm(FlaskForm):  # type: ignore[misc]
    """The decision that publishes or amends: number, date, file; when it may be read."""

    decision_number = StringField(_l("Số quyết định"), [at_most(200)])
    decision_on = Day(_l("Ngày quyết định"), (Optional(),))
    decision_document = SelectField(_l("Tệp quyết định"), choices=[], coerce=str, validate_choice=False)
    visible_on = Day(_l("Công khai từ ngày"), (Optional(),))
    visible_at = TimeOfDay(_l("Lúc"), [Optional()])
    reason = TextAreaField(_l("Lý do"), [at_most(5000)])
    units = SelectMultipleField(_l("Đơn vị"), validate_choice=False)

    def asked(self) -> Asked:
        """Return what it asks for; a day without a time is its first moment in Hanoi."""
        visible = None
        if self.visible_on.data:
            visible = datetime.combine(self.visible_on.data, self.visible_at.data or time(), HANOI)
        return Asked(
            reason=(self.reason.data or "").strip(), decision_number=(self.decision_number.data or "").strip(),
            decision_on=self.decision_on.data, decision_document=row_number(self.decision_document.data), visible_from=visible,
        )  # fmt: skip


class PreparationForm(FlaskForm):  # type: ignore[misc]
    """A new assessment: what the secretariat fills in before opening. Policies and presets have fields of their own, by name."""

    catalogue = SelectField(_l("Bộ chỉ số"), choices=[], validate_choice=False)
    year = Year(_l("Năm"), [InputRequired(_l("Cần ghi năm."))])
    slug = StringField(_l("Tên ngắn trên địa chỉ"), [at_most(32)])
    title = StringField(_l("Tên kỳ đánh giá"), [at_most(200)])
    opens = Day(_l("Ngày mở"), (InputRequired(MISSING_DATE),))
    self_score = Day(_l("Hạn tự chấm"), (InputRequired(MISSING_DATE),))
    round_1 = Day(_l("Hạn thẩm định vòng 1"), (InputRequired(MISSING_DATE),))
    round_2 = Day(_l("Hạn thẩm định vòng 2"), (InputRequired(MISSING_DATE),))
    holidays = TextAreaField(_l("Ngày nghỉ thêm"), [at_most(2000)])
    working_days = TextAreaField(_l("Ngày làm bù"), [at_most(2000)])
    trial = BooleanField(_l("Kỳ diễn tập"))
    guidance = FileField(_l("Văn bản hướng dẫn chấm"))
    guidance_document = StringField()
    guidance_number = StringField(_l("Số văn bản hướng dẫn"), [at_most(64)])
