"""The look as facts: contrast of the tokens, icons that exist, files short enough to read, macros that are listed, nothing from outside."""

import re
from functools import cache

import pytest

from settings import ROOT

STATIC = ROOT / "web" / "static"
TEMPLATES = ROOT / "web" / "templates"
SHEETS = sorted((STATIC / "css").glob("*.css"))
SCRIPTS = sorted([STATIC / "app.js", *(STATIC / "js").glob("*.js")])
PAGES = sorted(TEMPLATES.rglob("*.html"))
TOKEN = re.compile(r"--([\w-]+): var\(--light, (#\w{6})\) var\(--dark, (#\w{6})\);")

READ = [
    # text, ground, lowest contrast of body text (WCAG 1.4.3)
    *((text, ground, 4.5) for text in ("text", "text-2", "text-3", "link", "error", "good", "warn", "differ", "lower", "raise")
      for ground in ("canvas", "surface", "raised")),
    *((state, f"{state}-ground", 4.5) for state in ("draft", "self", "round1", "explain", "round2", "published")),
    ("error", "error-ground", 4.5), ("warn", "warn-ground", 4.5), ("good", "good-ground", 4.5), ("differ", "differ-ground", 4.5),
    ("text", "info-ground", 4.5), ("text", "here", 4.5), ("text-3", "here", 4.5), ("text-2", "sunken", 4.5),
    *(("heat-ink", f"heat-{step}", 4.5) for step in range(1, 6)),
    *(("heat-ink-strong", f"heat-{step}", 4.5) for step in range(6, 9)),
    # borders and rings (WCAG 1.4.11)
    ("border", "surface", 3), ("focus", "surface", 3), ("focus", "canvas", 3),
]  # fmt: skip


@cache
def tokens() -> dict[str, tuple[str, str]]:
    found = TOKEN.findall((STATIC / "css" / "tokens.css").read_text(encoding="utf-8"))
    return {name: (light, dark) for name, light, dark in found}


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "least"), READ, ids=str)
def test_text_can_be_read_on_its_ground(text, ground, least, theme):
    assert contrast(tokens()[text][theme], tokens()[ground][theme]) >= least


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("button", ["seal", "act", "seal-hover", "act-hover"])
def test_white_can_be_read_on_buttons(button, theme):
    assert contrast("#FFFFFF", tokens()[button][theme]) >= 4.5


def test_every_colour_used_is_a_token():
    known = set(re.findall(r"(--[\w-]+):", "".join(path.read_text(encoding="utf-8") for path in SHEETS)))
    for path in SHEETS:
        assert set(re.findall(r"var\((--[\w-]+)", path.read_text(encoding="utf-8"))) <= known, path.name


@pytest.mark.parametrize("path", [*SHEETS, *SCRIPTS], ids=lambda path: path.name)
def test_files_are_short_and_fetch_nothing_from_outside(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= (300 if path.suffix == ".css" else 200)
    assert not re.search(r"https?://|url\([\"']?data:|@import", text)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_templates_hold_no_style_and_no_script(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|(src|href|action)=\"https?://", text)


def test_every_icon_asked_for_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        asked = set(re.findall(r"""\bicon\('([\w-]+)'""", text)) | set(re.findall(r"""\b(?:icon_name|after)='([\w-]+)'""", text))
        assert asked <= drawn, path.name


def test_every_module_of_script_is_loaded_and_every_sheet_linked():
    pages = "".join(path.read_text(encoding="utf-8") for path in PAGES)
    loaded = set(re.findall(r'from "\./(?:js/)?([\w-]+)\.js"', "".join(path.read_text(encoding="utf-8") for path in SCRIPTS)))
    assert loaded | set(re.findall(r"filename='js/([\w-]+)\.js'", pages)) == {path.stem for path in SCRIPTS if path.parent.name == "js"}
    everywhere = re.search(r"static_css = (\[.*?\])", pages)
    assert everywhere
    linked = set(re.findall(r"'(\w+)'", everywhere[1])) | set(re.findall(r"filename='css/([\w-]+)\.css'", pages))
    assert linked == {path.stem for path in SHEETS}


def test_every_macro_is_offered_and_listed():
    offered = (TEMPLATES / "components" / "ui.html").read_text(encoding="utf-8")
    listed = (TEMPLATES / "components" / "README.md").read_text(encoding="utf-8")
    for path in (TEMPLATES / "components").glob("*.html"):
        for name in re.findall(r"{% macro ([a-z]\w*)\(", path.read_text(encoding="utf-8")):
            assert re.search(rf"\b{name} = |, {name}\b|{{%- set {name}\b", offered), name
            assert re.search(rf"\b{name}\b", listed), name


def test_the_words_that_script_says_are_in_the_page():
    script = "".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    asked = set(re.findall(r'\bsay\("([\w-]+)"', script)) | set(re.findall(r'\btell\([^,]+, "\w*", "(\w+)"', script))
    page = (TEMPLATES / "components" / "dialogs.html").read_text(encoding="utf-8")
    held = set(re.findall(r"^  '(\w+)': _\(", page, re.MULTILINE))
    assert asked == held
