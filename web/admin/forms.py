"""The forms of the admin's pages; what they mean is checked by the workflow."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from states.roles import SIGNED_IN, Role
from web.dates import Day
from web.language import say
from web.lengths import at_most


def role_choices() -> list[tuple[str, str]]:
    """Return the roles people can hold, in order, by name."""
    return [(role.value, say(role.label)) for role in Role if role in SIGNED_IN]


class MembershipForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """One membership."""

    role = SelectField(_l("Vai"), choices=role_choices, validate_choice=False)
    organisation = StringField(_l("Mã cơ quan"), [at_most(64)])
    assessment = StringField(_l("Chỉ cho kỳ đánh giá"), [at_most(64)])
    valid_from = Day(_l("Từ ngày"), [Optional()])
    valid_to = Day(_l("Đến hết ngày"), [Optional()])


class AboutPersonForm(FlaskForm):  # type: ignore[misc]
    """What is said of a person."""

    name = StringField(_l("Họ và tên"), [at_most(400)])
    email = StringField(_l("Thư công vụ"), [at_most(400)])
    title = StringField(_l("Chức vụ"), [at_most(400)])
    phone = StringField(_l("Điện thoại"), [at_most(64)])


class PersonForm(AboutPersonForm, MembershipForm):
    """A new person with the first membership."""


class TableForm(FlaskForm):  # type: ignore[misc]
    """Many people as a pasted table."""

    table = TextAreaField(_l("Bảng người dùng"), [at_most(500_000)])


class OrganisationForm(FlaskForm):  # type: ignore[misc]
    """The names of an organisation."""

    name = StringField(_l("Tên đầy đủ"))
    short_name = StringField(_l("Tên gọn"))
    aliases = TextAreaField(_l("Tên gọi khác, mỗi dòng một tên"))
