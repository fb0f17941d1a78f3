"""Plausible answers to any scoring rule: better units do better, figures fit the size, nothing is outside what the form allows."""

from dataclasses import dataclass
from random import Random

from workflow.numbers import POINT
from workflow.scoring import Field, Inputs, Rule
from workflow.scoring.measures import CountCap, Steps

PEOPLE, STAFF, ITSELF = "people", "staff", ""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a unit is; the same in every year and for every indicator, so that its figures fit each other."""

    people: int = 24_000
    staff: int = 56


WHOLES: tuple[tuple[str, str, float, float], ...] = (
    ("hộ gia đình", PEOPLE, 0.26, 0.28), ("hộ kinh doanh", PEOPLE, 0.02, 0.04), ("từ 14 tuổi", PEOPLE, 0.79, 0.79),
    ("từ 15 tuổi", PEOPLE, 0.77, 0.77), ("trưởng thành", PEOPLE, 0.71, 0.71), ("độ tuổi lao động", PEOPLE, 0.58, 0.58),
    ("cần phổ cập", PEOPLE, 0.08, 0.15), ("người dân trên địa bàn", PEOPLE, 1, 1), ("doanh nghiệp nhỏ và vừa", PEOPLE, 0.011, 0.011),
    ("doanh nghiệp đang hoạt động", PEOPLE, 0.012, 0.012), ("dịch vụ thiết yếu", PEOPLE, 0.0006, 0.0012),
    ("nhà văn hóa", PEOPLE, 0.0006, 0.0008), ("thôn, bản", PEOPLE, 0.0008, 0.001), ("bưu chính", PEOPLE, 0.0001, 0.0002),
    ("điểm công cộng", PEOPLE, 0.0008, 0.0012), ("sản phẩm", ITSELF, 3, 18),
    ("máy tính", STAFF, 1.1, 1.3), ("lượt đánh giá", STAFF, 20, 60), ("hồ sơ tiếp nhận", STAFF, 60, 160),
    ("hồ sơ công việc", STAFF, 25, 45),
    ("văn bản gửi", STAFF, 20, 45), ("Dự toán", STAFF, 10, 30), ("công chức", STAFF, 1, 1),
    ("văn bản chỉ đạo", ITSELF, 4, 16), ("hệ thống thông tin", ITSELF, 2, 9), ("lớp", ITSELF, 3, 8), ("cơ sở dữ liệu", ITSELF, 2, 10),
    ("bộ dữ liệu", ITSELF, 3, 15), ("thủ tục", ITSELF, 15, 140), ("cuộc họp", ITSELF, 80, 220), ("Tỷ trọng", ITSELF, 8, 20),
    ("chỉ tiêu", ITSELF, 10, 30),
    ("nhiệm vụ", ITSELF, 12, 45),
)  # fmt: skip
ANYTHING = ("", ITSELF, 8.0, 40.0)
"""How much there is of something in a year: the first words found in the name of b, what it grows with, least and most."""


def size_of(unit: str, random: Random) -> Size:
    """Return the size of a unit: communes have five digits for a code and people to serve, departments have more staff."""
    if unit.isdigit():
        return Size(random.randint(15_000, 52_000), random.randint(42, 78))
    return Size(0, random.randint(70, 240))


def answer(rule: Rule, maximum: int, random: Random, quality: float, size: Size | None = None) -> Inputs:
    """Return inputs for a rule as a unit of that quality (0..1) would give them."""
    fields = rule.fields()
    if [field.name for field in fields] == ["a", "b"]:
        return _pair(fields, random, quality, size or Size())
    if isinstance(rule, (Steps, CountCap)):
        return {"a": str(_count(rule, maximum, random, quality))}
    return {field.name: _one(field, maximum, random, quality) for field in fields}


def _pair(fields: tuple[Field, ...], random: Random, quality: float, size: Size) -> Inputs:
    whole = _whole(fields[1].label, random, size)
    share = min(1.0, max(0.0, random.gauss(quality, 0.07)))
    return {"a": str(round(whole * share)), "b": str(whole)}


def _whole(label: str, random: Random, size: Size) -> int:
    _, basis, low, high = next((row for row in WHOLES if row[0] in label), ANYTHING)
    return max(2, round(random.uniform(low, high) * {PEOPLE: size.people, STAFF: size.staff, ITSELF: 1}[basis]))


def _count(rule: Steps | CountCap, maximum: int, random: Random, quality: float) -> int:
    """Return about as many as full points ask for, somewhat more of a good unit."""
    enough = float(rule.steps[0].at_least) if isinstance(rule, Steps) else maximum / rule.each
    return max(0, round(random.gauss(quality * 1.25, 0.2) * enough))


def _one(field: Field, maximum: int, random: Random, quality: float) -> str | list[str]:
    if field.kind == "points":
        steps = maximum * 2 // POINT
        half_points = min(steps, max(0, round(random.gauss(quality, 0.08) * steps)))
        return f"{half_points // 2},{'5' if half_points % 2 else '0'}"
    if field.kind == "tick":
        some = [choice.value for choice in field.choices[:-1] if random.random() < quality]
        return some or [field.choices[-1].value]
    best = [choice.value for choice in field.choices]
    return best[0] if random.random() < quality else best[min(len(best) - 1, 1 + int(random.random() * len(best) * (1 - quality)))]
