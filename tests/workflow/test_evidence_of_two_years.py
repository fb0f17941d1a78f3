"""A file serves several years: what a unit does with it this year changes nothing of what it handed in before."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from models.tables import Document, EvidenceLink
from states.refusal import Refused
from tests.season import open_prepared
from tests.small import CATALOGUE, SECRETARY, make_small
from workflow.describing import describe_evidence
from workflow.evidence import Handed, Particulars, attach_files, attach_known
from workflow.evidence_access import open_evidence, remove_evidence
from workflow.evidence_store import EvidenceStore
from workflow.invariants import violations
from workflow.preparing import Dates, Preparation, prepare_assessment

UNIT, CODE, OTHER_CODE = "00004", "T.02", "T.03"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
SAID = Particulars(number="12/BC-UBND", issued_on=date(2025, 11, 1), issuer="UBND phường Ba Đình", subject="Báo cáo năm")
NEXT = Dates(date(2025, 11, 25), date(2025, 12, 20), date(2026, 1, 20), date(2026, 2, 20))
STAFF = f"unit.{UNIT}"


@pytest.fixture
def store(tmp_path):
    return EvidenceStore(tmp_path / "evidence")


@pytest.fixture
def years(engine, store):
    """Last year's case handed in with a file; this year's in draft, the same bytes attached to it. With the file's address then and now."""
    last = make_small(engine)
    with last.acting(STAFF) as (session, actor):
        (address,) = attach_files(session, actor, last.slug, UNIT, CODE, [Handed("bao-cao.pdf", PDF)], SAID, store)
    last.hand_in(UNIT)
    with last.acting(SECRETARY) as (session, actor):
        prepare_assessment(session, actor, Preparation(CATALOGUE.stem, 2025, "lai", NEXT))
        open_prepared(session, last.people, "lai")
    now = replace(last, slug="lai")
    with now.acting(STAFF) as (session, actor):
        (again,) = attach_files(session, actor, now.slug, UNIT, CODE, [Handed("bao-cao.pdf", PDF)], Particulars(), store)
    return last, now, address, again


def opened(year, address, who=STAFF):
    with year.acting(who) as (session, actor):
        return open_evidence(session, actor, year.slug, address)


def test_removing_it_from_this_years_draft_leaves_last_years(years, store):
    last, now, address, again = years
    with now.acting(STAFF) as (session, actor):
        remove_evidence(session, actor, now.slug, UNIT, CODE, again, "Nhầm.", store)
    assert store.read(opened(last, address).sha256) == PDF
    with now.looking() as session:
        left = session.scalars(select(EvidenceLink).where(EvidenceLink.removed_at.is_(None))).all()
        assert len(left) == 1
        assert list(violations(session, store)) == []
    with now.acting(SECRETARY) as (session, actor):
        remove_evidence(session, actor, last.slug, UNIT, CODE, address, "Có bí mật nhà nước.", store)
    with pytest.raises(Refused):
        opened(last, address)


def test_describing_it_this_year_changes_nothing_of_last_years(years):
    last, now, address, _ = years
    with now.acting(STAFF) as (session, actor):
        attach_known(session, actor, now.slug, UNIT, OTHER_CODE, address, Particulars())
    with now.acting(STAFF) as (session, actor):
        forged = Particulars(number="999/GIA-MAO", subject="Khác", page="7")
        describe_evidence(session, actor, now.slug, UNIT, OTHER_CODE, address, forged)
    with last.looking() as session:
        document = session.scalars(select(Document).where(Document.address == address)).one()
        assert (document.number, document.subject) == ("12/BC-UBND", "Báo cáo năm")
        pages = session.scalars(select(EvidenceLink.page).where(EvidenceLink.document_id == document.id).order_by(EvidenceLink.id))
        assert pages.all() == ["", "7"], "the page is the item's own"


def test_an_invariant_sees_evidence_that_left_a_case_that_was_handed_in(years):
    last, *_ = years
    with last.acting(SECRETARY) as (session, _):
        link = session.scalars(select(EvidenceLink).order_by(EvidenceLink.id)).first()
        link.removed_at = link.added_at
    with last.looking() as session:
        found = list(violations(session))
    assert [broken.invariant.name for broken in found] == ["handed_in"]
