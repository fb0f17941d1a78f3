import os
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont

from commands import assets

WRITTEN = "ĂăÂâĐđÊêÔôƠơƯưẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặẸẹẼẽẾếỀềỂểỄễỆệỈỉỊịỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợỤụỦủỨứỪừỬửỮữỰựỲỳỴỵỶỷỸỹ₫→✓…×÷−≤≥≠·–—“”▲▼"


@pytest.mark.parametrize("weight", assets.FACES)
def test_the_web_font_has_every_letter_we_write_and_figures_of_one_width(weight):
    with TTFont(assets.WEB_FONTS / f"source-sans-{weight}.woff2") as font:
        letters = font.getBestCmap()
        assert [sign for sign in WRITTEN if ord(sign) not in letters] == []
        assert len({font["hmtx"][letters[ord(figure)]][0] for figure in "0123456789"}) == 1
        assert font["OS/2"].usWeightClass == weight
        assert font.flavor == "woff2"


@pytest.mark.parametrize("weight", assets.FACES)
def test_the_web_font_is_small_and_its_licence_stands_beside_it(weight):
    assert (assets.WEB_FONTS / f"source-sans-{weight}.woff2").stat().st_size < 40_000
    assert "SIL OPEN FONT LICENSE" in (assets.WEB_FONTS / "source-sans-LICENSE.txt").read_text("utf-8")


def test_the_same_font_makes_the_same_bytes():
    whole = (assets.PDF_FONTS / "SourceSansPro-Regular.ttf").read_bytes()
    assert assets._for_the_web(whole) == assets._for_the_web(whole) == (assets.WEB_FONTS / "source-sans-400.woff2").read_bytes()
    assert TTFont(BytesIO(whole))["name"].getDebugName(1) == "Source Sans Pro"


def test_translations_are_compiled_when_their_source_is_newer_and_only_then(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "TRANSLATIONS", tmp_path)
    source = tmp_path / "en" / "LC_MESSAGES" / "messages.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Nộp"\nmsgstr "Submit"\n', "utf-8")
    compiled = source.with_suffix(".mo")
    assert list(assets._translations()) == [compiled]
    assert b"Submit" in compiled.read_bytes()
    assert list(assets._translations()) == []
    later = compiled.stat().st_mtime + 10
    os.utime(source, (later, later))
    assert list(assets._translations()) == [compiled]


def test_what_was_made_is_not_made_again():
    assert list(assets._fonts()) == []
    assert [name for name in assets.missing() if not name.endswith(".mo")] == []
