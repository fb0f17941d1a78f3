"""The closed list of scoring rules, read from data and written back to data. Adding a kind is one class and one row here."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from decimal import Decimal
from typing import Any

from states.refusal import Problem, Refused
from states.words import N_
from workflow.numbers import POINT, canonical
from workflow.scoring.answers import Levels, Manual, Parts, YesNo
from workflow.scoring.measures import CountCap, Ratio, Steps
from workflow.scoring.reading import Place, read_table
from workflow.scoring.rule import Rule

KINDS: Mapping[str, type[Rule]] = {kind.kind: kind for kind in (YesNo, Levels, Parts, Ratio, Steps, CountCap, Manual)}
NOT_A_KIND = N_("Cách tính (kind) phải là một trong: %(known)s.")


def parse_rule(table: Mapping[str, Any]) -> Rule:
    """Return the rule that a table describes (TOML or stored JSON). Refused with every problem at its key."""
    problems: list[Problem] = []
    rule = read_rule(table, Place((), problems))
    if rule is None:
        raise Refused(problems)
    return rule


def read_rule(table: object, place: Place) -> Rule | None:
    """Read a rule as part of a larger file; problems are noted at their place, and there is no rule where there are any."""
    named = table.get("kind") if isinstance(table, Mapping) else None
    if not isinstance(table, Mapping) or not isinstance(named, str) or named not in KINDS:
        place.at("kind").report(NOT_A_KIND, known=", ".join(KINDS))
        return None
    before = len(place.problems)
    rule = read_table(KINDS[named], {name: value for name, value in table.items() if name != "kind"}, place)
    return rule if len(place.problems) == before else None


def rule_as_json(rule: Rule) -> dict[str, Any]:
    """Return the table `parse_rule` reads back to the same rule; points as decimal text, defaults left out."""
    defaults = {one.name: one.default for one in fields(rule)}  # type: ignore[arg-type]
    table = {name: value for name, value in asdict(rule).items() if value != defaults[name]}  # type: ignore[call-overload]
    return {"kind": rule.kind} | {name: _plain(name, value) for name, value in table.items()}


def _plain(name: str, value: Any) -> Any:  # noqa: ANN401  (JSON is what it is)
    """Return a JSON value: exact numbers as text, so that no float ever comes between."""
    if isinstance(value, tuple):
        return [{inner: _plain(inner, one) for inner, one in row.items()} for row in value]
    if name in {"points", "each"}:
        return canonical(Decimal(value) / POINT)
    return canonical(value) if isinstance(value, Decimal) else value
