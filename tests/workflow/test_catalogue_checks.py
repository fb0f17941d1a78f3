"""Every named check of a catalogue, each with a broken file: all problems at once, each at its line."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from states.refusal import Refused
from workflow.catalogue.checks import CHECKS
from workflow.catalogue.reading import check_catalogue, read_catalogue

SOUND = Path("catalogues/hanoi-5279-2025.toml").read_text(encoding="utf-8")
TITLE = 'title = "Kế hoạch hoặc Chương trình hành động hằng năm về chuyển đổi số"'


def broken(*changes: tuple[str, str]) -> str:
    """Return the sound file with each first occurrence changed."""
    text = SOUND
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def told(text: str | bytes) -> list[tuple[int, str, str]]:
    """Return line, path and sentence of every problem."""
    data = text if isinstance(text, bytes) else text.encode()
    found = []
    for problem in check_catalogue(data, "c.toml"):
        line, path = re.fullmatch(r"c\.toml:(\d+)(?: (.+))?", problem.place).groups()
        found.append((int(line), path or "", str(problem).partition(": ")[2]))
    return found


def line_of(text: str, needle: str, nth: int = 0) -> int:
    return [number for number, line in enumerate(text.splitlines(), 1) if needle in line][nth]


# one file, one thing wrong: (check or schema, what is changed, path, sentence)
CASES = [
    ("codes_are_unique", ('code = "00082"', 'code = "00070"'), "organisations.phuong[1]", "“00070” có hai lần"),
    ("codes_are_unique", ('code = "III.05"', 'code = "III.04"'), "sets[0].groups[1].indicators[1]", "“III.04” có hai lần"),
    ("codes_are_unique", ('number = "2"', 'number = "1"'), "sets[0].groups[1]", "“1” có hai lần"),
    ("codes_are_unique", ('code = "IV"', 'code = "III"'), "sets[1]", "“III” có hai lần"),
    ("names_are_unique", ('"Sở Du lịch"', '"Sở Du lịch", aliases = ["sở nội vụ"]'), "organisations.so[6]", "cho cả SDL và SNV"),
    ("codes_run_through", ('code = "III.05"', 'code = "III.50"'), "sets[0].groups[1].indicators[1].code", "phải là “III.05”"),
    ("codes_run_through", ('code = "IV.09"', 'code = "III.99"'), "sets[1].groups[2].indicators[0].code", "phải là “IV.09”"),
    ("local_numbers_run", ("local_number = 2", "local_number = 9"), "sets[0].groups[0].indicators[1].local_number", "phải là 2"),
    ("counts_agree", ("indicator_count = 34", "indicator_count = 35"), "sets[0].indicator_count", "đếm được 34"),
    ("counts_agree", ("unit_count = 126", "unit_count = 127"), "sets[1].unit_count", "đếm được 126"),
    ("counts_agree", ("indicator_count = 3\n", "indicator_count = 2\n"), "sets[0].groups[0].indicator_count", "đếm được 3"),
    ("totals_agree", ("total = 350", "total = 351"), "sets[0].total", "cộng lại được 350"),
    ("totals_agree", ("points = 35\n", "points = 30\n"), "sets[0].groups[1].points", "cộng lại được 35"),
    ("parents_exist", ('number = "2"', 'number = "2"\nparent = "9"'), "sets[0].groups[1].parent", "“9”"),
    ("bodies_exist", (f'bodies = ["SKHCN"]\n{TITLE}', f'bodies = ["SKHC"]\n{TITLE}'), "sets[0].groups[1].indicators[1].bodies", "“SKHC”"),
    ("bodies_exist", ('"SKHCN", "TTPVHCC"', '"SKHCN", "SKHCN"'), "sets[0].groups[2].indicators[1].bodies", "“SKHCN” có hai lần"),
    ("limits_name_units", ('"SYT", "SDL"]', '"SYTT", "SDL"]'), "sets[0].groups[6].applies_to", "“SYTT”"),
    ("limits_name_units", ('"SYT", "SDL"]', '"CATP", "SDL"]'), "sets[0].groups[6].applies_to", "“CATP”"),
    ("limits_name_units", ('"SYT", "SDL"]', '"SDL", "SDL"]'), "sets[0].groups[6].applies_to", "“SDL” có hai lần"),
    ("kinds_are_used", ("\nxa = [", "\nxaa = ["), "organisations.xaa", "“xaa”"),
    ("kinds_are_used", ('unit_kinds = ["so"]', 'unit_kinds = ["so", "xa"]'), "sets[0].unit_kinds", "thuộc hai bộ chỉ số"),
    ("guidance_covers", ('[guidance."III.05"]', '[guidance."III.5"]'), "sets[0].groups[1].indicators[1]", "III.05 chưa có hướng dẫn"),
    ("guidance_covers", ('[guidance."III.05"]', '[guidance."III.5"]'), "guidance.III.5", "“III.5”"),
    ("rules_reach_the_maximum", ("{ points = 5", "{ points = 4"), "guidance.III.01.rule", "chỉ đạt được 4 điểm"),
    ("rules_reach_the_maximum", ("{ points = 5", "{ points = 6"), "guidance.III.01.rule", "vượt điểm tối đa 5"),
    ("rules_reach_the_maximum", ("at_least = 3", "at_least = 6"), "guidance.III.18.rule.steps", "từ cao xuống thấp"),
    ("points_can_be_printed", ("points = 5\n", "points = 5.125\n"), "sets[0].groups[0].indicators[0].points", "5,125 điểm không in"),
    ("schema", ("total = 350", "total = 350\ntotl = 3"), "sets[0].totl", "Không có khóa “totl”"),
    ("schema", (TITLE, TITLE.replace("title", "titel")), "sets[0].groups[1].indicators[1]", "Thiếu khóa bắt buộc “title”"),
    ("schema", ("date = 2025-10-23", "date = 2025-02-30"), "decision.date", "ngày có thật"),
    ("schema", ("date = 2025-10-23", 'date = "23/10/2025"'), "decision.date", "ngày có thật"),
    ("schema", ("date = 2025-10-23", "date = 2025-10-23T00:00:00"), "decision.date", "ngày có thật"),
    ("schema", ("compared_with_signed = false", 'compared_with_signed = "no"'), "decision.compared_with_signed", "true hoặc false"),
    ("schema", ("points = 5\n", 'points = "năm"\n'), "sets[0].groups[0].indicators[0].points", "số điểm"),
    ("schema", ("points = 5\n", "points = -5\n"), "sets[0].groups[0].indicators[0].points", "số điểm"),
    ("schema", ("points = 5\n", "points = 0.12345\n"), "sets[0].groups[0].indicators[0].points", "số điểm"),
    ("schema", ("points = 5\n", "points = nan\n"), "sets[0].groups[0].indicators[0].points", "số điểm"),
    ("schema", ('code = "00070"', "code = 70"), "organisations.phuong[0].code", "mã viết liền"),
    ("schema", ('bodies = ["SKHCN"]', "bodies = []"), "sets[0].groups[0].indicators[0].bodies", "danh sách"),
    ("schema", ("decimals = 2", "decimals = 5"), "decimals", "từ 0 đến 4"),
    ("schema", ('rule.kind = "yes_no"', 'rule.kind = "formula"'), "guidance.III.05.rule.kind", "phải là một trong"),
    ("schema", ('status = "provisional"', 'status = "final"'), "guidance.III.01.status", "provisional, issued"),
    ("schema", ('points = 2.5, label = "Cấp phó', 'poinst = 2.5, label = "Cấp phó'), "guidance.III.01.rule.levels[1].poinst", "“poinst”"),
]  # fmt: skip


@pytest.mark.parametrize(("_check", "change", "path", "sentence"), CASES)
def test_what_is_wrong_is_told_where_it_is(_check, change, path, sentence):
    text = broken(change)
    found = told(text)
    line, _, said = next(problem for problem in found if problem[1] == path and sentence in problem[2])
    assert sentence in said
    lines = text.splitlines()
    last = path.rpartition(".")[2]
    assert last in lines[line - 1] or "[" in lines[line - 1] or "{" in lines[line - 1], f"line {line} is not about {path}"


def test_every_named_check_has_a_broken_file():
    assert {check.__name__ for check in CHECKS} == {check for check, *_ in CASES} - {"schema"}


def test_all_problems_come_at_once_in_the_order_of_the_file():
    text = broken(
        ("date = 2025-10-23", "date = 2025-13-45"), ('code = "00082"', 'code = "00070"'), ("total = 350", "total = 351\nunknown = 1"),
        (f'bodies = ["SKHCN"]\n{TITLE}', f'bodies = ["SKHC"]\n{TITLE}'), ('code = "IV.03"', 'code = "IV.02"'),
        ("rule.each = 2.5\n", "rule.each = 2.5\nrule.most = 3\n"),
    )  # fmt: skip
    found = told(text)
    assert [line for line, *_ in found] == sorted(line for line, *_ in found)
    assert {path: line for line, path, _ in found} == {
        "decision.date": line_of(text, "date = 2025-13-45"),
        "organisations.phuong[1]": line_of(text, 'code = "00070"', 1),
        "sets[0].total": line_of(text, "total = 351"),
        "sets[0].unknown": line_of(text, "unknown = 1"),
        "sets[0].groups[1].indicators[1].bodies": line_of(text, '["SKHC"]'),
        "sets[1].groups[0].indicators[2]": line_of(text, 'code = "IV.02"', 1) - 1,
        "sets[1].groups[0].indicators[2].code": line_of(text, 'code = "IV.02"', 1),
        "guidance.IV.03": line_of(text, '[guidance."IV.03"]'),
        "guidance.IV.07.rule": line_of(text, '[guidance."IV.07"]') + 1,
    }
    with pytest.raises(Refused) as refused:
        read_catalogue(text.encode(), "c.toml")
    assert len(refused.value.problems) == len(found)


@pytest.mark.parametrize(
    ("data", "line", "sentence"),
    [
        (SOUND.encode("utf-16"), 1, "UTF-8"),
        (b"a = 1\nb = '\xe1'\n", 2, "UTF-8"),
        (SOUND.encode() + b"\n\xff", SOUND.count("\n") + 2, "UTF-8"),
        (broken(("total = 350", "total = ")).encode(), line_of(SOUND, "total = 350"), "TOML"),
        (broken(("total = 350", "total = 350\ntotal = 350")).encode(), line_of(SOUND, "total = 350") + 1, "TOML"),
        (b"a = " + b"[" * 100_000, 1, "TOML"),
        (b"a = " + b"9" * 5_000, 1, "TOML"),
        (b"#" * (2 * 1024 * 1024 + 1), None, "lớn hơn"),
    ],
)
def test_what_is_no_readable_file_is_one_problem_at_its_line(data, line, sentence):
    (problem,) = check_catalogue(data, "c.toml")
    assert problem.place == ("c.toml" if line is None else f"c.toml:{line}")
    assert sentence in str(problem)


def test_an_empty_file_lacks_every_key():
    assert {said for _, _, said in told(b"")} >= {
        f"Thiếu khóa bắt buộc “{key}”." for key in ("code", "title", "decision", "sets", "guidance")
    }


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm():
    assert check_catalogue(b"\xef\xbb\xbf" + SOUND.replace("\n", "\r\n").encode()) == []


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_file_with_any_line_lost_or_doubled_is_checked_without_falling_over(data):
    lines = SOUND.splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    lines[at : at + 1] = data.draw(st.sampled_from([[], [lines[at], lines[at]], ["x = 1"], ["]"], [lines[at].replace('"', "")]]))
    for problem in check_catalogue("\n".join(lines).encode(), "c.toml"):
        assert str(problem).startswith("c.toml:")
