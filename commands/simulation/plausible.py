"""Plausible answers to any scoring rule: better units answer better, and nothing is outside what the form allows."""

from random import Random

from workflow.numbers import POINT
from workflow.scoring import Field, Inputs, Rule

WHOLES = {"hộ": (4_000, 16_000), "người": (9_000, 60_000), "hồ sơ": (900, 24_000), "máy": (40, 260), "văn bản": (800, 9_000)}


def answer(rule: Rule, maximum: int, random: Random, quality: float) -> Inputs:
    """Return inputs for a rule as a unit of that quality (0..1) would give them."""
    fields = rule.fields()
    made: dict[str, str | bool | list[str]] = {}
    if [field.name for field in fields] == ["a", "b"]:
        return _pair(fields, random, quality)
    for field in fields:
        made[field.name] = _one(field, maximum, random, quality)
    return made


def _pair(fields: tuple[Field, ...], random: Random, quality: float) -> Inputs:
    low, high = WHOLES.get(fields[1].unit, (8, 120))
    whole = random.randint(low, high)
    share = min(1.0, max(0.0, random.gauss(quality, 0.07)))
    return {"a": str(round(whole * share)), "b": str(whole)}


def _one(field: Field, maximum: int, random: Random, quality: float) -> str | list[str]:
    if field.kind == "number":
        return str(max(0, round(random.gauss(quality * 12, 3))))
    if field.kind == "points":
        steps = maximum * 2 // POINT
        half_points = min(steps, max(0, round(random.gauss(quality, 0.08) * steps)))
        return f"{half_points // 2},{'5' if half_points % 2 else '0'}"
    if field.kind == "tick":
        some = [choice.value for choice in field.choices[:-1] if random.random() < quality]
        return some or [field.choices[-1].value]
    best = [choice.value for choice in field.choices]
    return best[0] if random.random() < quality else best[min(len(best) - 1, 1 + int(random.random() * len(best) * (1 - quality)))]
