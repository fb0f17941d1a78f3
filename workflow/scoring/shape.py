"""What the rule of each kind is written with: the keys of its table, so that a form can ask for them."""

from dataclasses import MISSING, dataclass, fields
from typing import Any, get_args, get_type_hints

from workflow.scoring.answers import Earning
from workflow.scoring.kinds import KINDS
from workflow.scoring.measures import Step
from workflow.scoring.values import Flag, Number, Points, Text

SORTS = ((Text, "text"), (Number, "number"), (Points, "points"), (Flag, "flag"))
ROWS = (Earning, Step)


@dataclass(frozen=True, slots=True)
class RuleKey:
    """One key of a rule's table. `sort` is text, number, points, flag or rows; rows have `columns` of their own."""

    name: str
    sort: str
    required: bool
    columns: tuple["RuleKey", ...] = ()


def keys_of_kind(kind: str) -> tuple[RuleKey, ...]:
    """Return the keys of a kind in the order its class declares them. KeyError for a kind that does not exist."""
    return _keys(KINDS[kind])


def _keys(shape: type[Any]) -> tuple[RuleKey, ...]:
    hints = get_type_hints(shape, include_extras=True)
    return tuple(_key(one.name, hints[one.name], required=one.default is MISSING) for one in fields(shape))


def _key(name: str, hint: Any, *, required: bool) -> RuleKey:  # noqa: ANN401  (an annotation)
    for known, sort in SORTS:
        if hint == known:
            return RuleKey(name, sort, required)
    row = next(one for one in ROWS if one in get_args(get_args(hint)[0]))
    return RuleKey(name, "rows", required, _keys(row))
