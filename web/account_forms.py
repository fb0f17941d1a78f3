"""The forms of accounts: fields, labels and what each must hold; the law of passwords is the workflow's."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo, Regexp

from web.lengths import at_most

MISSING_EMAIL = _l("Nhập địa chỉ thư công vụ.")
NO_ADDRESS = _l("Ghi cả địa chỉ thư, có dấu @.")
MISSING_PASSWORD = _l("Nhập mật khẩu.")
DIFFERENT = _l("Hai lần nhập chưa giống nhau.")


class SignInForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Address and password."""

    email = EmailField(_l("Thư công vụ"), [DataRequired(MISSING_EMAIL), at_most(400)])
    password = PasswordField(_l("Mật khẩu"), [DataRequired(MISSING_PASSWORD), at_most(400)])


class ProveForm(FlaskForm):  # type: ignore[misc]
    """The password once more."""

    password = PasswordField(_l("Mật khẩu"), [DataRequired(MISSING_PASSWORD), at_most(400)])


class AskResetForm(FlaskForm):  # type: ignore[misc]
    """The address to send the way to a new password to."""

    email = EmailField(_l("Thư công vụ"), [DataRequired(MISSING_EMAIL), at_most(400), Regexp(r".*[^\s]@[^\s]", message=NO_ADDRESS)])


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """A new password, twice."""

    email = StringField(_l("Thư công vụ"))
    password = PasswordField(_l("Mật khẩu mới"), [DataRequired(MISSING_PASSWORD)])
    password_again = PasswordField(_l("Nhập lại mật khẩu mới"), [EqualTo("password", DIFFERENT)])


class ChangePasswordForm(FlaskForm):  # type: ignore[misc]
    """The present password, and a new one twice."""

    present = PasswordField(_l("Mật khẩu đang dùng"), [DataRequired(MISSING_PASSWORD), at_most(400)])
    password = PasswordField(_l("Mật khẩu mới"), [DataRequired(MISSING_PASSWORD)])
    password_again = PasswordField(_l("Nhập lại mật khẩu mới"), [EqualTo("password", DIFFERENT)])


def problems_of(form: FlaskForm) -> list[tuple[str, str]]:
    """Return what is wrong as (place, sentence) for the summary on top of the page."""
    return [(place, str(said)) for place, sentences in form.errors.items() for said in sentences]
