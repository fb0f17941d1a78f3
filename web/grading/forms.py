"""The forms of grading: what a row, an answer, a question and a contact may hold; what the numbers mean is the workflow's."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Optional

from web.lengths import LONG, at_most
from web.row_field import OLD_PAGE, RowField

BY_INPUTS = "inputs"
"""The button that counts the points again from a and b."""


class GradeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """One row of the grid. `version` is the one the page was made from."""

    points = StringField(_l("Điểm"), [at_most(40)])
    version = RowField(validators=[InputRequired(OLD_PAGE)])
    reason = TextAreaField(_l("Nhận xét gửi đơn vị"), [LONG])
    internal_note = TextAreaField(_l("Ghi chú nội bộ"), [LONG])
    verdict = StringField(_l("Kết luận về giải trình"), [at_most(20)])
    a = StringField(validators=[at_most(40)])
    b = StringField(validators=[at_most(40)])
    by = HiddenField()
    unsign = BooleanField()


class NaForm(FlaskForm):  # type: ignore[misc]
    """What the body says of a request that an indicator does not apply."""

    answer = HiddenField(validators=[AnyOf(["agree", "decline"], message=_l("Chọn đồng ý hay không đồng ý."))])
    reason = TextAreaField(_l("Lý do"), [Optional(), LONG])


class QuestionForm(FlaskForm):  # type: ignore[misc]
    """A question to the unit."""

    text = TextAreaField(_l("Câu hỏi cho đơn vị"), [LONG])


class ContactForm(FlaskForm):  # type: ignore[misc]
    """Who answers."""

    name = StringField(_l("Người trả lời"), [at_most(200)])
    phone = StringField(_l("Điện thoại"), [at_most(40)])
    email = StringField(_l("Thư công vụ"), [at_most(200)])
