"""Who may open a file: its unit always, the bodies of its item once it is handed in, an explanation's file only once that is sent."""

import pytest
from sqlalchemy import select

from models.session import transaction
from models.tables import Membership
from states.refusal import NotFound
from tests.small import GRADING, SECRETARY, make_small
from workflow.actor import SYSTEM, actor_for
from workflow.evidence import Handed, Particulars, attach_files
from workflow.evidence_access import open_evidence
from workflow.evidence_store import EvidenceStore
from workflow.memberships import NewMembership, add_membership

UNIT, OTHER, CODE = "00004", "00008", "T.02"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
EVERYBODY = (
    f"unit.{UNIT}", f"head.{UNIT}", f"unit.{OTHER}", "grader.catp", "lead.catp", "grader.stc", "grader.skhcn", SECRETARY,
    "council.1", "chair", "auditor", "admin",
)  # fmt: skip
OWN = {f"unit.{UNIT}", f"head.{UNIT}"}
BODY = {"grader.catp", "lead.catp"}
OVER_ALL = {SECRETARY, "council.1", "chair", "auditor"}


@pytest.fixture
def store(tmp_path):
    return EvidenceStore(tmp_path / "evidence")


@pytest.fixture
def season(engine):
    return make_small(engine)


def attach(season, store, content=PDF):
    with season.acting(f"unit.{UNIT}") as (session, actor):
        return attach_files(session, actor, season.slug, UNIT, CODE, [Handed("a.pdf", content)], Particulars(), store)[0]


def opens(season, who, address):
    with season.acting(who) as (session, actor):
        try:
            open_evidence(session, actor, season.slug, address)
        except NotFound:
            return False
        return True


def readers(season, address):
    return {who for who in EVERYBODY if opens(season, who, address)}


def test_of_a_draft_only_the_unit_reads_it_and_once_handed_in_the_bodies_of_its_item(season, store):
    address = attach(season, store)
    assert readers(season, address) == OWN
    season.hand_in(UNIT)
    assert readers(season, address) == OWN | BODY | OVER_ALL
    season.at(GRADING)
    assert readers(season, address) == OWN | BODY | OVER_ALL


def test_what_proves_an_explanation_is_read_once_it_is_sent(season, store):
    season.asked_to_explain(UNIT, told={CODE: 2})
    address = attach(season, store, PDF + b"\n")
    season.contest(UNIT, CODE)
    assert readers(season, address) == OWN
    season.send(UNIT)
    assert readers(season, address) == OWN | BODY | OVER_ALL


def test_who_works_for_two_units_opens_each_ones_files_as_that_one(season, store):
    address = attach(season, store)
    person = season.people[f"unit.{OTHER}@demo.example"]
    with transaction(season.engine) as session:
        made = add_membership(session, SYSTEM, person, NewMembership("unit_staff", UNIT))
        first = session.scalars(select(Membership.id).where(Membership.person_id == person, Membership.id != made)).one()
    with transaction(season.engine) as session:
        assert open_evidence(session, actor_for(session, person, made), season.slug, address)
        with pytest.raises(NotFound):
            open_evidence(session, actor_for(session, person, first), season.slug, address)
