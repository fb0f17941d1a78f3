"""Scoring rules: a closed list of kinds, each a frozen dataclass read from the guidance; inputs in, exact points out, no code in data."""

from workflow.scoring.inputs import Choice, Field, Inputs, Sentence
from workflow.scoring.kinds import KINDS, parse_rule, read_rule, rule_as_json
from workflow.scoring.rule import Line, Outcome, Rule

__all__ = ["KINDS", "Choice", "Field", "Inputs", "Line", "Outcome", "Rule", "Sentence", "parse_rule", "read_rule", "rule_as_json"]
