"""Who answers for an indicator: named by the body that grades it, for nobody else's, and never a name in the chain."""

import pytest
from sqlalchemy import select

from models.session import reading
from models.tables import Assessment, Event
from states.refusal import NotFound, Refused
from tests.season import make_season
from workflow.contacts import ContactCard, contacts_of, name_contact

CARD = ContactCard("", "Chị Hương", "024 3733 0000", "")


@pytest.fixture
def season(engine):
    return make_season(engine)


def name(season, local, codes, card=CARD):
    with season.acting(local) as (session, actor):
        return name_contact(session, actor, season.slug, codes, card)


def named(season):
    with reading(season.engine) as session:
        assessment = session.scalars(select(Assessment)).one()
        return contacts_of(session, assessment.id)


def test_each_body_of_a_joint_indicator_names_its_own(season):
    name(season, "grader.skhcn", ["IV.44"])
    name(season, "lead.catp", ["IV.44"], ContactCard("", "Anh Nam", "", "nam@catp.example"))
    assert {body: card.name for (_, body), card in named(season).items()} == {"SKHCN": "Chị Hương", "CATP": "Anh Nam"}


def test_the_last_word_stands_and_can_be_taken_back(season):
    name(season, "grader.skhcn", ["IV.09"])
    name(season, "grader.skhcn", ["IV.09"], ContactCard("", "Anh Bình", "024 1111 2222", ""))
    assert [card.name for card in named(season).values()] == ["Anh Bình"]
    name(season, "grader.skhcn", ["IV.09"], ContactCard("", "", "", ""))
    assert named(season) == {}


@pytest.mark.parametrize(
    ("local", "codes"), [("grader.syt", ["IV.09"]), ("grader.skhcn", ["IV.99"]), ("unit.00004", ["IV.09"]), ("chair", ["IV.09"])]
)
def test_for_what_one_does_not_grade_there_is_nothing_to_name(season, local, codes):
    with pytest.raises(NotFound):
        name(season, local, codes)
    assert named(season) == {}


@pytest.mark.parametrize(
    ("card", "places"),
    [
        (ContactCard("", "", "024 3733 0000", ""), {"name"}),
        (ContactCard("", "Chị Hương", "", ""), {"phone"}),
        (ContactCard("", "Chị Hương", "gọi tổng đài", ""), {"phone"}),
        (ContactCard("", "Chị Hương", "", "không phải thư"), {"email"}),
        (ContactCard("", "H" * 201, "024 3733 0000", ""), {"name"}),
    ],
)
def test_a_contact_nobody_could_reach_is_refused(season, card, places):
    with pytest.raises(Refused) as refused:
        name(season, "grader.skhcn", ["IV.09"], card)
    assert {problem.place for problem in refused.value.problems} == places


def test_the_chain_knows_that_somebody_was_named_but_not_who(season):
    name(season, "grader.skhcn", ["IV.09"])
    with reading(season.engine) as session:
        payload = session.scalars(select(Event.payload).where(Event.act == "name_contact")).one()
    assert payload["named"] is True
    assert "Hương" not in str(payload)
