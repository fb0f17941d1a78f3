"""Which year is meant where none is named: the running one, also while the next is prepared, rehearsed or opened before its day."""

import re
from datetime import UTC, date, datetime

import pytest

from models.session import transaction
from tests.season import CATALOGUE, email_of, open_prepared
from workflow.actor import actor_for
from workflow.preparing import Dates, Preparation, prepare_assessment

NEXT = Dates(date(2026, 11, 9), date(2026, 12, 15), date(2027, 3, 26), date(2027, 5, 7))
BEGUN = datetime(2026, 11, 9, 2, tzinfo=UTC)
PEOPLE = ("unit.00004", "grader.skhcn", "council.1", "chair", "secretariat.skhcn", "auditor")


@pytest.fixture
def prepare(season):
    """Prepare the next year, and open it where that is wanted."""

    def make(slug="2026", *, opened=False, **kind):
        with transaction(season.engine) as session:
            secretary = actor_for(session, season.people[email_of("secretariat.skhcn")])
            prepare_assessment(session, secretary, Preparation(CATALOGUE.stem, 2026, slug, NEXT, **kind))
            if opened:
                open_prepared(session, season.people, slug)

    return make


def led_to(visitor):
    """Return the seasons that the links of the frame lead to."""
    page = visitor.get("/viec-cua-toi").text
    return set(re.findall(r'href="/ky/([^/"]+)/', page[page.index("<nav") :].split("</nav>")[0]))


def test_preparing_the_next_year_leads_nobody_away_from_this_one(season, as_demo, prepare):
    prepare()
    assert {who: led_to(as_demo(who)) for who in PEOPLE} == {who: {"2025"} for who in PEOPLE}


def test_a_rehearsal_leads_nobody_away_either(season, as_demo, prepare):
    prepare("dien-tap", opened=True, trial=True)
    season.at(BEGUN)
    assert led_to(as_demo("unit.00004")) == {"2025"}


def test_a_year_opened_before_its_day_is_meant_from_that_day_on(season, as_demo, prepare):
    prepare(opened=True)
    unit = as_demo("unit.00004")
    for of in ("2025", "2026"):
        assert led_to(unit) == {of}
        for public in ("/lich", "/phuong-phap"):
            chosen = re.findall(r'class="chip" href="[^"]*ky=([^"]+)" aria-current="true"', unit.get(public).text)
            assert chosen == [of], public
        season.at(BEGUN)
