"""The forms of the council: a decision, a word on a request, a question, an exclusion, a proposal's answer, a batch."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Optional
from wtforms.widgets import HiddenInput

from web.dates import Day
from web.lengths import LONG, at_most
from web.row_field import OLD_PAGE, RowField

CHOOSE = _l("Hãy chọn một trong hai.")


class DecisionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Points or "does not apply", always with a reason."""

    points = StringField(_l("Điểm"), [at_most(40)])
    reason = TextAreaField(_l("Lý do"), [LONG])
    minutes = StringField(_l("Số biên bản"), [at_most(64)])
    not_applicable = BooleanField(_l("Chấp nhận không phát sinh"))
    seen = RowField(widget=HiddenInput(), validators=[Optional()])


class NaWordForm(FlaskForm):  # type: ignore[misc]
    """The council's word on a request."""

    answer = HiddenField(validators=[AnyOf(["grant", "refuse"], message=CHOOSE)])
    reason = TextAreaField(_l("Lý do"), [LONG])


class TextForm(FlaskForm):  # type: ignore[misc]
    """A question."""

    text = TextAreaField(_l("Câu hỏi cho đơn vị"), [LONG])


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """Only a reason."""

    reason = TextAreaField(_l("Lý do"), [LONG])


class NameForm(FlaskForm):  # type: ignore[misc]
    """Who grades, and which cells (`unit/code`)."""

    person = RowField(_l("Ủy viên"), [InputRequired(_l("Chọn một ủy viên."))])
    cell = SelectMultipleField(validate_choice=False)


class ProposalForm(FlaskForm):  # type: ignore[misc]
    """The chair's answer."""

    proposal = RowField(validators=[InputRequired(OLD_PAGE)])
    answer = HiddenField(validators=[AnyOf(["confirm", "refuse"], message=CHOOSE)])
    reason = TextAreaField(_l("Lý do từ chối"), [LONG])


class BatchForm(FlaskForm):  # type: ignore[misc]
    """What a batch may ask for; which of it does, says the transition table."""

    confirm = HiddenField()
    unit = SelectMultipleField(_l("Đơn vị"), validate_choice=False)
    reason = TextAreaField(_l("Lý do"), [LONG])
    minutes_number = StringField(_l("Số biên bản họp"), [at_most(64)])
    minutes_on = Day(_l("Ngày họp"), [Optional()])
    decision_number = StringField(_l("Số quyết định"), [at_most(64)])
    decision_on = Day(_l("Ngày quyết định"), [Optional()])
    decision_document = StringField(_l("Tệp quyết định"))
