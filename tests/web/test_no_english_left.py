"""No English is left on a Vietnamese page, and no Vietnamese of ours on an English one: pages, refused forms, troubles and mails.

Spreadsheets are papers of the office and speak Vietnamese only.

Looked at are words of the interface: texts of the page, titles, placeholders, names for screen readers and values of buttons.
"""

import re
from html.parser import HTMLParser

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from models.tables import Indicator
from notifications import wording
from notifications.kinds import KINDS
from notifications.wording import Said
from tests.season import GRADING
from tests.small import SECRETARY
from tests.web.conftest import settings_for
from tests.web.test_every_address import COMMUNES, PLACES, UNIT, browsers, filled, small_of
from web import errors
from web.strings import translations_of

WALKERS = ("", f"unit.{UNIT}", f"head.{UNIT}", "grader.catp", "lead.catp", SECRETARY, "council.1", "chair", "auditor", "admin")
NAMED = {"title", "aria-label", "placeholder", "alt"}
SILENT = {"script", "style", "code", "pre", "textarea"}
ENGLISH = re.compile(
    r"\b(the|of|and|or|with|from|your|please|submit|save|error|invalid|required|not found|must be|field|not a valid|too large|forbidden|"
    r"missing|expired|password|sign in|choose|cancel|delete|search|loading|request|token|value)\b",
    re.IGNORECASE,
)
DIACRITICS = re.compile("[ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]", re.IGNORECASE)
TOLD = {str(one.id): str(one.string) for one in translations_of("en") if isinstance(one.id, str) and one.id and "%" not in one.id}


NAMES = {"UBND thành phố Hà Nội"}
"""A name out of the data."""
REQUEST = re.compile(r"\b[A-Z0-9]{3}-[A-Z0-9]{3}-[A-Z0-9]{3}\b")


class Words(HTMLParser):
    """The words of a page that people see or hear."""

    def __init__(self, text):
        super().__init__()
        self.said, self.silent, self.foreign = set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        about = dict(attrs)
        names = NAMED | ({"value"} if tag == "input" and about.get("type") in {"submit", "button", "reset"} else set())
        if not about.get("lang"):
            self.said |= {" ".join(about[name].split()) for name in names if about.get(name)}
        if tag in SILENT or (about.get("lang") and tag != "html"):
            self.silent.append(tag)

    def handle_endtag(self, tag):
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data):
        if not self.silent and data.strip():
            self.said.add(" ".join(data.split()))


def left_in(text, language):
    """What a page says in the other language."""
    said = Words(REQUEST.sub("", text)).said - NAMES
    if language == "vi":
        translated = {english for vietnamese, english in TOLD.items() if english != vietnamese and english not in TOLD and " " in english}
        return {words for words in said if words in translated or ENGLISH.search(words)}
    return {words for words in said if words in TOLD and DIACRITICS.search(words) and not DIACRITICS.search(TOLD[words])}


@pytest.fixture
def demo_app(sqlite, make_app, tmp_path):
    return make_app(settings_for(sqlite, tmp_path, DEMO="1"))


@pytest.fixture
def season(demo_app, tmp_path):
    season = small_of(demo_app.extensions["engine"], tmp_path / "made", COMMUNES[:2])
    season.hand_in(COMMUNES[1])
    season.at(GRADING)
    return season


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_of_every_role_is_in_one_language(season, demo_app, language):
    wrong, seen = {}, 0
    for local, client in browsers(demo_app, WALKERS).items():
        client.get("/dat-lai-mat-khau" if not local else "/toi")
        assert client.post("/ngon-ngu", {"language": language}).status_code == 303
        for endpoint, place in PLACES.items():
            answer = client.get(filled(season, place.path))
            if place.html and answer.status_code in {200, 404}:
                seen += 1
                for words in left_in(answer.text, language):
                    wrong.setdefault(words, (endpoint, local))
    assert seen > 200
    assert wrong == {}


def test_texts_of_the_decision_are_named_vietnamese_on_english_pages(season, demo_app):
    """So that whoever has a page read aloud hears them in their own language."""
    with season.looking() as session:
        texts = {*session.scalars(select(Indicator.title)), *session.scalars(select(Indicator.note).where(Indicator.note != ""))}
    wrong, seen = {}, 0
    for local, client in browsers(demo_app, WALKERS).items():
        client.get("/dat-lai-mat-khau" if not local else "/toi")
        client.post("/ngon-ngu", {"language": "en"})
        for endpoint, place in PLACES.items():
            answer = client.get(filled(season, place.path))
            if place.html and answer.status_code == 200:
                page = re.sub(r"<title>.*?</title>|<option[^>]*>[^<]*</option>", "", answer.text, flags=re.DOTALL)  # they hold no elements
                seen += any(text in page for text in texts)
                bare = {words for words in Words(page).said if any(text in words for text in texts)}
                if bare:
                    wrong[endpoint, local] = bare
    assert seen > 20
    assert wrong == {}


TROUBLES = {name: row for name, row in vars(errors).items() if isinstance(row, errors.Trouble)}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_trouble_is_told_in_one_language(demo_app, language):
    assert {413, 429, 500, 507} <= {row.code for row in TROUBLES.values()}
    for name, row in TROUBLES.items():
        with demo_app.test_request_context("/", base_url=demo_app.config["BASE_URL"]), force_locale(language):
            assert left_in(errors.error_page(row).get_data(as_text=True), language) == set(), name


def test_every_word_of_the_post_is_told_in_both_languages():
    frame = [word for word in vars(wording).values() if isinstance(word, Said)]
    for said in [*frame, *(one for kind in KINDS.values() for one in (kind.subject, kind.line))]:
        assert not ENGLISH.search(re.sub(r"{\w+}", "", said.vi)), said
        assert not DIACRITICS.search(said.en), said


def test_troubles_and_refused_forms_are_in_vietnamese(season, demo_app):
    wrong = {}
    for local in WALKERS:
        client = browsers(demo_app, [local])[local]
        client.get("/dat-lai-mat-khau" if not local else "/toi")
        for path in [filled(season, place.path) for place in PLACES.values()] + ["/dang-nhap", "/vai-tro"]:
            for fields in ({"csrf_token": "x"}, {"email": "x", "points": "x", "confirm": "1", "until": "x", "minutes_on": "x"}):
                answer = client.post(path, fields)
                for words in left_in(answer.text, "vi") if answer.mimetype == "text/html" and answer.status_code >= 400 else ():
                    wrong.setdefault(words, (path, local, answer.status_code))
    assert wrong == {}
