"""The habits of the house that no linter knows: short files, short functions, every room saying what it is."""

import ast
from itertools import chain

import pytest

from settings import ROOT

ROOMS = ["states", "models", "workflow", "web", "notifications", "commands"]
FILES = sorted(
    path
    for path in chain([ROOT / "settings.py"], *((ROOT / room).rglob("*.py") for room in ROOMS))
    if path.parent.name != "versions"  # migrations are generated, and read once
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_are_short_enough_to_read(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300, "a file over 300 lines asks for a split"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno < 40, f"{node.name} is over 40 lines"


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_says_what_it_is(room):
    assert ast.get_docstring(ast.parse((ROOT / room / "__init__.py").read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_room_for_everything_that_has_no_room(path):
    assert not {"utils", "helpers", "common", "manager"} & {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}
