"""The form of one item: the fields that its scoring rule asks for, what stands in them, what it comes to, and how it is counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from states.refusal import Refused
from workflow.numbers import format_count
from workflow.scoring import Field, Line, Rule, Sentence
from workflow.scoring.inputs import Inputs


@dataclass(frozen=True, slots=True)
class Calculation:
    """What inputs come to: points (none while incomplete, or where b = 0) and the line that shows how."""

    points: int | None = None
    line: Line | None = None
    asks_na: bool = False


@dataclass(frozen=True, slots=True)
class RuleForm:
    """The fields of a rule with what is typed in them: text for one value, a list for ticks."""

    kind: str
    fields: tuple[Field, ...]
    values: Mapping[str, Any]
    calculation: Calculation
    formula: tuple[Sentence, ...]

    @property
    def answers(self) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """Each field with its unit and what stands in it, in the words of its choices: to be read where nothing is filled in."""
        return tuple((field.label, field.unit, _chosen(field, self.values[field.name])) for field in self.fields)


def rule_form(rule: Rule, inputs: Mapping[str, Any] | None, maximum: int, decimals: int) -> RuleForm:
    """Return the form of a rule filled with stored inputs."""
    kept = dict(inputs or {})
    return RuleForm(
        rule.kind, rule.fields(), kept_values(rule, kept),
        calculate(rule, kept, maximum, decimals), rule.formula(maximum),
    )  # fmt: skip


def kept_values(rule: Rule, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return stored inputs by field, as one would type them."""
    return {field.name: shown(field, kept.get(field.name, "")) for field in rule.fields()}


def calculate(rule: Rule, inputs: Inputs, maximum: int, decimals: int) -> Calculation:
    """Return what inputs come to; nothing while they are incomplete or wrong."""
    try:
        outcome = rule.score(inputs, maximum, decimals)
    except Refused:
        return Calculation()
    return Calculation(outcome.points, outcome.line, outcome.not_applicable_question)


def shown(field: Field, kept: Any) -> Any:  # noqa: ANN401  (text, or a list of ticks)
    """Return a stored value as one would type it: "12480" is 12.480."""
    if field.kind not in {"number", "points"} or not isinstance(kept, str):
        return kept
    try:
        return format_count(Decimal(kept))
    except InvalidOperation:
        return kept


EMPTY = "–"


def in_words(fields: Iterable[Field], values: Mapping[str, Any], beside: Mapping[str, Any] | None = None) -> str:
    """Return values of a form as one line, with the words of its fields: for two versions side by side, and on paper.

    What is empty is said to be, where the version `beside` it is not.
    """
    other = beside or {}
    said = [
        f"{_asked(field)} {_in_words(field, values[field.name]) if values.get(field.name) else EMPTY}"
        for field in fields if values.get(field.name) or other.get(field.name)
    ]  # fmt: skip
    text = f"“{values['text']}”" if values.get("text") else EMPTY if other.get("text") else ""
    return "; ".join([*said, *([text] if text else [])])


def _asked(field: Field) -> str:
    return field.label if field.label.endswith("?") else f"{field.label}:"


def _in_words(field: Field, value: Any) -> str:  # noqa: ANN401  (text, or a list of ticks)
    return ", ".join(_chosen(field, value))


def _chosen(field: Field, value: Any) -> tuple[str, ...]:  # noqa: ANN401
    labels = {choice.value: choice.label for choice in field.choices}
    return tuple(labels.get(one, one) for one in (value if isinstance(value, list) else [str(value)]) if one)
