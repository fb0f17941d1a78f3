"""The seat a page was made for: who, under which membership. Every form carries it, so that an old tab never writes in another's name.

Two people at one machine, or one person with two roles: the cookie of the browser changes under a page that still lies open, and what
was typed as one body would be saved as the other's. The token of the form does not see that: script fetches a new one by itself.
"""

from flask import request

from web.visitor import visitor

FIELD = "seat"


class SeatChanged(Exception):  # noqa: N818  (an answer, not a fault)
    """The form was made for somebody else, or for another membership of the same person."""


def seat() -> str:
    """Return the seat of who is here: "12.34" for person and membership, "12." before one is chosen, nothing for a stranger."""
    known = visitor()
    if known is None:
        return ""
    return f"{known.person_id}.{known.actor.membership_id or '' if known.actor else ''}"


def same_person(one: str, other: str) -> bool:
    """Return whether two seats belong to one person."""
    return one.partition(".")[0] == other.partition(".")[0]


def check_seat(*, any_membership: bool) -> None:
    """Let a form pass only in the seat it was made for. `any_membership`: what it does is the person's, whatever the role."""
    made_for, here = request.form.get(FIELD, ""), seat()
    if made_for and here and made_for != here and not (any_membership and same_person(made_for, here)):
        raise SeatChanged
