"""A number that a form of ours carries: which row, which version. What is no number came from no page of ours, or from an old one."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField

from web.plain_text import row_number

OLD_PAGE = _l("Trang này đã cũ; tải lại trang rồi nhập lại.")


class RowField(IntegerField):  # type: ignore[misc]  # WTForms has no types
    """The number of a row or a version, refused in the person's language."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it; empty stays nothing."""
        typed = "".join(valuelist).strip()
        self.data = row_number(typed)
        if typed and self.data is None:
            raise ValueError(str(OLD_PAGE))
