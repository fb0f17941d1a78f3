"""A year played to its publication breaks no invariant; each wound dealt to its data is found, by the invariant meant for it."""

from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from models.migrations import upgrade
from models.session import reading, transaction
from models.tables import Blob, Document, Mail, Notification, Organisation, Person
from models.tables import Session as SessionRow
from states.facts import Asked
from tests.season import GRADING, make_season
from workflow.clock import machine_now
from workflow.confirming import propose_publication
from workflow.evidence_store import EvidenceStore
from workflow.explaining import accept_round_1
from workflow.invariants import INVARIANTS, violations
from workflow.proposals import confirm

MEETING = Asked(minutes_number="01/BB", minutes_on=date(2025, 12, 10))
SPRING = datetime(2026, 2, 11, 2, tzinfo=UTC)


@pytest.fixture
def published(engine):
    """Two communes from draft to published, by everybody's hands."""
    season = make_season(engine)
    for unit in season.units:
        season.fill(unit)
    season.submit()
    season.at(GRADING)
    season.grade_all()
    season.batch("release_round_1")
    season.batch("request_explanation")
    for unit in season.units:
        with season.acting(f"head.{unit}") as (session, actor):
            accept_round_1(session, actor, season.slug, unit)
    season.batch("finalise", "chair", MEETING)
    season.at(SPRING)
    _publish(season)
    return engine


def _publish(season):
    with transaction(season.engine) as session:
        owner = session.query(Organisation).filter_by(code="SKHCN").one()
        blob = Blob(sha256="0" * 64, size=1, media_type="application/pdf", stored_at=machine_now(), removed_at=machine_now())
        session.add(blob)
        session.flush()
        document = Document(address="x", organisation_id=owner.id, blob_id=blob.id, file_name="x.pdf", added_at=machine_now(), public=True)
        session.add(document)
        session.flush()
        decision = Asked(decision_number="1024/QĐ-UBND", decision_on=date(2026, 2, 11), decision_document=document.id)
    with season.acting("secretariat.skhcn", proved=True) as (session, actor):
        proposal = propose_publication(session, actor, season.slug, decision).id
    with season.acting("chair", proved=True) as (session, actor):
        confirm(session, actor, season.slug, proposal)


def found(engine):
    with reading(engine) as session:
        return {violation.invariant.name for violation in violations(session)}


@contextmanager
def operated(engine):
    """A transaction with every guard of the database off, rolled back at the end."""
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if sqlite:
            for order in ("COMMIT", "PRAGMA foreign_keys=OFF", "PRAGMA ignore_check_constraints=ON", "BEGIN"):
                connection.exec_driver_sql(order)
            _without_triggers(connection)
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield connection
        connection.rollback()
    engine.dispose()


def _without_triggers(connection):
    for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


CASE = '(SELECT min(id) FROM "case")'
PERSON = "(SELECT min(id) FROM person)"
GRADE = "(SELECT min(id) FROM score_entry WHERE stage = 'round1')"
ITS_ASSIGNMENT = f"(SELECT assignment_id FROM score_entry WHERE id = {GRADE})"
ITS_UNIT = (
    f'(SELECT unit_id FROM "case" WHERE id = (SELECT case_id FROM item WHERE id = (SELECT item_id FROM score_entry WHERE id = {GRADE})))'
)
WOUNDS = {
    "assigned": f"UPDATE score_entry SET assignment_id = NULL WHERE id = {GRADE}",
    "no_own_case": f"UPDATE assignment SET body_id = {ITS_UNIT} WHERE id = {ITS_ASSIGNMENT}",
    "one_side": "INSERT INTO side (case_id, person_id, side) SELECT case_id, person_id, 'other' FROM side WHERE side = 'unit'",
    "within_maximum": f"UPDATE score_entry SET points = 10000000 WHERE id = {GRADE}",
    "sums": "UPDATE indicator SET points = points + 1 WHERE id = (SELECT min(id) FROM indicator)",
    "current": f"UPDATE item SET self_entry_id = {GRADE} WHERE case_id = {CASE}",
    "path": f"""UPDATE "case" SET state = 'draft' WHERE id = {CASE}""",
    "totals": f'UPDATE "case" SET final_total = final_total + 1 WHERE id = {CASE}',
    "extension_reason": "INSERT INTO deadline (assessment_id, stage, case_id, at, reason, set_at) "
    f"SELECT assessment_id, stage, {CASE}, at, '', set_at FROM deadline WHERE stage = 'self_score' AND case_id IS NULL",
    "released_whole": f"UPDATE assignment SET signed1_at = NULL WHERE id = {ITS_ASSIGNMENT}",
    "told_together": "UPDATE event SET request_id = 'another' "
    "WHERE id = (SELECT max(id) FROM event WHERE act = 'release_round_1' AND chain = 'case')",
    "one_way_in": "INSERT INTO one_time_token (person_id, purpose, token_hash, expires_at) "
    f"SELECT {PERSON}, 'password_reset', h, '2099-01-01 00:00:00' FROM (SELECT 'a' AS h UNION SELECT 'b') AS two",
    "receipts": "UPDATE submission SET root = 'x'",
    "handed_in": "INSERT INTO evidence_link (item_id, document_id, stage, round, page, section, added_at) "
    f"SELECT min(id), (SELECT min(id) FROM document), 'self', 0, '', '', '2025-12-01 00:00:00' FROM item WHERE case_id = {CASE}",
    "published": "UPDATE publication SET sha256 = 'x'",
    "two_people": "UPDATE proposal SET settled_by_id = proposed_by_id",
    "chain": "UPDATE event SET act = 'nothing' WHERE id = (SELECT min(id) FROM event)",
    "time": "UPDATE event SET recorded_at = '2020-01-01 00:00:00' WHERE seq = 2 AND chain = 'case'",
    "outbox": "UPDATE notification SET skipped_at = owed_at, skipped_reason = ''",
    "sessions": "UPDATE person SET disabled_at = created_at",
    "references": "UPDATE side SET person_id = -id",
}


@pytest.fixture
def signed_in(published):
    """Somebody's living session."""
    with transaction(published) as session:
        person = session.query(Person).first()
        session.add(SessionRow(token_hash="x", person_id=person.id, data={}, created_at=machine_now(), seen_at=machine_now(), device=""))
    return published


def test_a_year_to_its_publication_breaks_nothing_and_each_wound_is_found(signed_in, subtests):
    assert found(signed_in) == set()
    for name, statement in WOUNDS.items():
        if name == "references" and signed_in.dialect.name == "postgresql":
            continue  # PostgreSQL itself never lets one in
        with subtests.test(name), operated(signed_in) as connection:
            connection.exec_driver_sql(statement)
            with Session(connection) as session:
                assert name in {violation.invariant.name for violation in violations(session)}
    assert found(signed_in) == set()


def test_words_once_left_out_with_their_mail_are_mended_by_the_migration(published, database):
    with transaction(published) as session:
        word, now = session.query(Notification).first(), machine_now()
        mail = Mail(person_id=word.person_id, message_id="<x@y>", subject="", body="", made_at=now, next_try_at=now, sent_at=now)
        session.add(mail)
        session.flush()
        word.mail_id, word.skipped_at, word.skipped_reason = mail.id, word.owed_at, "Hồ sơ đã sang bước khác."
        session.execute(text("UPDATE alembic_version SET version_num = '0005'"))
    assert found(published) == {"outbox"}
    upgrade(database)
    assert found(published) == set()


def test_missing_guards_of_the_database_are_found(engine):
    off = "DROP TRIGGER event_no_update" if engine.dialect.name == "sqlite" else "ALTER TABLE event DISABLE TRIGGER event_append_only"
    with engine.connect() as connection:
        connection.exec_driver_sql(off)
        with Session(connection) as session:
            assert [(one.invariant.name, one.place.partition("_")[0]) for one in violations(session)] == [("append_only", "event")]
        connection.rollback()


def test_evidence_is_read_back_from_disk(engine, tmp_path):
    store = EvidenceStore(tmp_path)
    whole, changed, gone = (store.keep(content) for content in (b"a", b"b", b"c"))
    store.path(changed).write_bytes(b"B")
    store.remove(gone)
    with transaction(engine) as session:
        for sha256 in (whole, changed, gone):
            session.add(Blob(sha256=sha256, size=1, media_type="text/plain", stored_at=machine_now()))
    with reading(engine) as session:
        assert {violation.place for violation in violations(session, store)} == {changed, gone}
        assert list(violations(session)) == []


def test_every_invariant_has_its_wound():
    assert {invariant.name for invariant in INVARIANTS} == {*WOUNDS, "append_only"}
