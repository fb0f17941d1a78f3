"""Every string that people read is translated, with the values it names."""

import re

import pytest

from states.refusal import Problem
from web.language import LOCALES, say
from web.strings import compile_strings, extract_strings, stale, translations_of, untranslated

OTHERS = sorted(set(LOCALES) - {"vi"})


@pytest.mark.parametrize("locale", OTHERS)
def test_every_string_is_translated(locale):
    assert list(untranslated(locale)) == [], "run `python -m web.strings`, then fill in what is empty in web/translations"


@pytest.mark.parametrize("locale", OTHERS)
def test_nothing_is_translated_that_nobody_says(locale):
    assert list(stale(locale)) == [], "run `python -m web.strings`"


@pytest.mark.parametrize("locale", OTHERS)
def test_translations_are_not_the_source_again(locale):
    vietnamese = re.compile("[ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]", re.IGNORECASE)
    said = {str(message.id): NAMES.sub("", str(message.string)) for message in translations_of(locale) if message.id}
    assert [text for text in said if vietnamese.search(said[text])] == []


NAMES = re.compile("Cán bộ nhập|QĐ-UBND|“Kỳ đánh giá 2026”|Phường Ba Đình")
"""What stays Vietnamese in English: names, and what is typed as it stands."""


def test_what_the_law_and_the_workflow_say_is_gathered():
    said = {text for message in extract_strings() for text in ([message.id] if isinstance(message.id, str) else message.id)}
    for text in ("Đang tự chấm", "Nộp hồ sơ", "Cần ghi lý do.", "Đăng nhập", "Nhập mật khẩu.", "%(num)d người"):
        assert text in said


def test_compiled_translations_can_be_read():
    from gettext import GNUTranslations
    from io import BytesIO

    assert GNUTranslations(BytesIO(compile_strings("en"))).gettext("Đăng nhập") == "Sign in"


def test_a_refusal_is_said_with_its_values_translated(app):
    with app.test_request_context("/dang-nhap", base_url="http://thamdinh.test", headers={"Cookie": "thamdinh-lang=en"}):
        problem = Problem("Hồ sơ đang ở trạng thái “%(state)s” nên không làm được việc này.", params={"state": "Đang tự chấm"})
        assert "Self-scoring" in say(problem)
        assert say(Problem("Cần ghi lý do.")) == "Give a reason."
        assert say("") == ""
