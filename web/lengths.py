"""How long a typed text may be, and the sentence about it in the person's language: WTForms has none in Vietnamese."""

from flask_babel import lazy_gettext as _l
from wtforms.validators import Length

from workflow.drafting import LONGEST_TEXT


def at_most(most: int) -> Length:
    """Return the check that a text has no more letters than that."""
    return Length(max=most, message=_l("Dài quá %(max)d ký tự."))


LONG = at_most(LONGEST_TEXT)
"""For reasons, notes and questions."""
