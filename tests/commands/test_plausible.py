import tomllib
from decimal import Decimal
from random import Random

import pytest

from commands.simulation.load import CATALOGUE
from commands.simulation.papers import THEMES
from commands.simulation.plausible import ANYTHING, WHOLES, answer, size_of
from workflow.numbers import POINT
from workflow.scoring import parse_rule

DECISION = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"), parse_float=Decimal)
RULES = {code: entry["rule"] for code, entry in DECISION["guidance"].items()}


@pytest.mark.parametrize("code", RULES)
def test_every_indicator_of_the_decision_has_figures_of_its_own_kind(code):
    rule, random = parse_rule(RULES[code]), Random(code)
    unit = "00004" if code.startswith("IV") else "SKHCN"
    named = {field.name: field.label for field in rule.fields()}
    if "b" in named:
        assert next((row for row in WHOLES if row[0] in named["b"]), ANYTHING) is not ANYTHING, named["b"]
    for _ in range(50):
        given = answer(rule, 10 * POINT, random, random.random(), size_of(unit, random))
        assert 0 <= rule.score(given, 10 * POINT).points <= 10 * POINT


def test_every_group_of_the_decision_has_its_papers():
    groups = {group["title"] for one in DECISION["sets"] for group in one["groups"]}
    assert all(any(title in theme for theme in THEMES) for title in groups)
