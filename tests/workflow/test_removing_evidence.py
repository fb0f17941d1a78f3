"""Taking a file away for good: its bytes go with the tombstone, never without it, and never those of somebody else."""

import pytest
from sqlalchemy import select

from models.session import reading
from models.tables import Blob, CaseReason, Document, Event
from states.refusal import NotFound, Refused
from tests.small import SECRETARY, make_small
from workflow.evidence import Handed, Particulars, attach_files
from workflow.evidence_access import open_evidence, remove_evidence
from workflow.evidence_store import EvidenceStore

UNIT, OTHER, CODE = "00004", "00008", "T.02"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def season(engine):
    return make_small(engine)


@pytest.fixture
def store(tmp_path):
    return EvidenceStore(tmp_path / "evidence")


def attached(season, store, unit=UNIT):
    """Hand the file in; return its address for that unit and its hash."""
    with season.acting(f"unit.{unit}") as (session, actor):
        attach_files(session, actor, season.slug, unit, CODE, [Handed("bao-cao.pdf", PDF)], Particulars(), store)
    with reading(season.engine) as session:
        query = select(Document.address, Blob.sha256).join(Blob, Blob.id == Document.blob_id).order_by(Document.id.desc())
        return session.execute(query).first()


def remove(season, store, file, local=f"unit.{UNIT}", unit=UNIT, reason="Có thông tin mật."):
    with season.acting(local) as (session, actor):
        remove_evidence(session, actor, season.slug, unit, CODE, file.address, reason, store)


def tombstone(season):
    with reading(season.engine) as session:
        return session.execute(select(Blob.removed_at, Blob.removed_reason, Blob.sha256)).one()


def test_the_bytes_go_and_hash_who_and_why_stay(season, store):
    file = attached(season, store)
    remove(season, store, file)
    assert not store.path(file.sha256).exists()
    at, why, sha256 = tombstone(season)
    assert at
    assert (why, sha256) == ("Có thông tin mật.", file.sha256)
    with reading(season.engine) as session:
        assert session.scalars(select(Event.payload).where(Event.act == "remove_evidence")).one() == {"sha256": file.sha256}
    with season.acting(f"head.{UNIT}") as (session, actor), pytest.raises(NotFound):
        open_evidence(session, actor, season.slug, file.address)


def test_a_transaction_that_fails_afterwards_loses_nothing(season, store):
    file = attached(season, store)
    with pytest.raises(ZeroDivisionError), season.acting(f"unit.{UNIT}") as (session, actor):
        remove_evidence(session, actor, season.slug, UNIT, CODE, file.address, "Nhầm.", store)
        raise ZeroDivisionError
    assert store.read(file.sha256) == PDF
    assert tombstone(season).removed_at is None


def test_the_same_file_of_another_unit_is_left_to_it(season, store):
    attached(season, store, OTHER)
    file = attached(season, store)
    remove(season, store, file)
    assert store.read(file.sha256) == PDF
    remove(season, store, file, SECRETARY)
    assert not store.path(file.sha256).exists()


def test_a_reason_and_the_right_person_are_needed(season, store):
    file = attached(season, store)
    with pytest.raises(Refused):
        remove(season, store, file, reason=" ")
    for local in (f"unit.{OTHER}", "grader.catp", "admin", "auditor"):
        with pytest.raises(NotFound):
            remove(season, store, file, local)
    season.hand_in(UNIT)
    with pytest.raises(Refused):
        remove(season, store, file)
    remove(season, store, file, SECRETARY)
    assert not store.path(file.sha256).exists()


def test_what_a_unit_took_away_may_come_back_and_what_the_secretariat_removed_may_not(season, store):
    file = attached(season, store)
    remove(season, store, file, reason="Nhầm tệp.")
    again = attached(season, store, OTHER)
    assert store.read(again.sha256) == PDF
    assert tombstone(season).removed_at is None
    with reading(season.engine) as session:
        assert session.scalars(select(CaseReason.reason).where(CaseReason.act == "remove_evidence")).all() == ["Nhầm tệp."]
    remove(season, store, again, SECRETARY, OTHER)
    for unit in (UNIT, OTHER):
        with pytest.raises(Refused):
            attached(season, store, unit)
    assert not store.path(file.sha256).exists()


def test_a_name_says_nothing_of_where_the_file_lay(season, store):
    with season.acting(f"unit.{UNIT}") as (session, actor):
        sent = [Handed("C:\\Users\\an\\báo cáo.pdf", PDF), Handed("../../etc/passwd.pdf", PDF + b"\n")]
        attach_files(session, actor, season.slug, UNIT, CODE, sent, Particulars(), store)
    with reading(season.engine) as session:
        assert session.scalars(select(Document.file_name).order_by(Document.id)).all() == ["báo cáo.pdf", "passwd.pdf"]
