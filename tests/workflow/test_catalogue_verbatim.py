"""The catalogue against the text of the annexes of Decision 5279/QĐ-UBND, line by line: `annexes-5279.txt` holds them as published."""

import re
import unicodedata
from pathlib import Path

import pytest

from settings import ROOT
from states.results import POINT
from workflow.catalogue.reading import read_catalogue

TEXT = Path(__file__).with_name("annexes-5279.txt").read_text("utf-8")
SHORT = {"Trung tâm Phục vụ Hành chính công": "Trung tâm Phục vụ Hành chính công Thành phố"}
"""As annexes III and IV write it; annex I adds the last words (editor's note of the catalogue)."""


def printed():
    """Yield (annex, running number, local number, title, points, bodies in order, group number, group title, group points)."""
    lines = iter([unicodedata.normalize("NFC", line.strip()) for line in TEXT.splitlines()])
    annex, group = "", ("", "", "")
    for line in lines:
        if found := re.fullmatch(r"PHỤ LỤC (I[IV]+)", line):
            annex = found[1]
        elif line.startswith("TỔNG"):
            next(lines)
        elif line.isdecimal():
            second = next(lines)
            if titled := re.fullmatch(r"(.*) \(\d+ chỉ số\)", second):
                group = (line, titled[1], next(lines))
            else:
                yield annex, int(line), int(second), next(lines), int(next(lines)), next(lines), *group


@pytest.fixture(scope="module")
def catalogue():
    return read_catalogue((ROOT / "catalogues" / "hanoi-5279-2025.toml").read_bytes(), "hanoi-5279-2025.toml")


def test_every_indicator_stands_in_the_catalogue_as_in_the_decision(catalogue):
    names = {code: organisation.name for code, (_, organisation) in catalogue.by_code().items()}
    held = [
        (
            chosen.code, one.number, one.local_number, one.title, one.points // POINT,
            tuple(names[body] for body in one.bodies), group.number, group.title, group.points // POINT,
        )
        for chosen in catalogue.sets for group, one in chosen.indicators()
    ]  # fmt: skip
    said = [
        (annex, number, local, title, points, tuple(SHORT.get(body, body) for body in bodies.split(", ")), group, about, int(whole))
        for annex, number, local, title, points, bodies, group, about, whole in printed()
    ]
    assert len(said) == 34 + 47
    assert held == said
