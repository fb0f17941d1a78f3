"""The chain of events: every edit planted behind the guards' back is found, and what the product writes never breaks it."""

import re
from contextlib import contextmanager

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models.session import reading
from models.tables import Event, Person
from tests.season import GRADING
from tests.small import make_small
from workflow.auditing import breaks, event_hash

UNIT = "00004"
LETTERS = re.compile(r"[à-ỹ]")
"""What only Vietnamese words have."""


@pytest.fixture
def played(engine):
    """A case with some events, graded and signed."""
    season = make_small(engine)
    season.hand_in(UNIT)
    season.at(GRADING)
    season.grade_all(units=(UNIT,))
    return season


def broken(session):
    return [(one.chain, one.chain_id, one.seq, one.why) for one in breaks(session)]


@contextmanager
def planted(engine, *statements, **values):
    """The database after an edit by somebody who could switch the guards off; undone afterwards."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            for order in ("COMMIT", "PRAGMA foreign_keys=OFF", "BEGIN"):
                connection.exec_driver_sql(order)
            for name in ("event_no_update", "event_no_delete"):
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for statement in statements:
            assert connection.execute(text(statement), values).rowcount != 0, statement
        with Session(connection) as session:
            yield session
        connection.rollback()
    engine.dispose()


OTHER = {
    "seq": "seq + 1000", "prev": "'{x}'", "hash": "'{x}'", "actor_ref": "'{x}'", "request_id": "'other'", "act": "'other'",
    "object": "'other'", "payload": "'{{\"points\": 1}}'", "at": "'2020-01-01 00:00:00.000000'",
    "recorded_at": "'2020-01-01 00:00:00.000000'", "membership_id": "-1", "chain_id": "-1", "chain": "'assessment'",
}  # fmt: skip


def middle(season):
    with reading(season.engine) as session:
        events = session.scalars(
            select(Event).where(Event.chain == "case", Event.chain_id == season.case(UNIT).id).order_by(Event.seq)
        ).all()
        return [event.id for event in events], [event.seq for event in events]


def test_what_the_product_writes_holds(played):
    with reading(played.engine) as session:
        assert broken(session) == []
        assert all(event.hash == event_hash(event) for event in session.scalars(select(Event)))


def test_a_changed_value_is_found_in_every_column(played, subtests):
    ids, seqs = middle(played)
    columns = {column.name for column in Event.__table__.columns} - {"id"}
    assert set(OTHER) == columns
    for column, value in OTHER.items():
        other = value.format(x="f" * 64)
        with subtests.test(column), planted(played.engine, f"UPDATE event SET {column} = {other} WHERE id = {ids[3]}") as session:
            assert broken(session)
    with subtests.test("first place"), planted(played.engine, f"UPDATE event SET act = 'other' WHERE id = {ids[3]}") as session:
        assert broken(session) == [("case", played.case(UNIT).id, seqs[3], "content does not match its hash")]


@pytest.mark.parametrize("which", [0, 3, -1])
def test_a_deleted_event_is_found_at_the_start_in_the_middle_and_at_the_end(played, which):
    ids, _ = middle(played)
    with planted(played.engine, f"DELETE FROM event WHERE id = {ids[which]}") as session:
        assert len(broken(session)) == 1


def test_a_chain_cut_short_is_found(played):
    ids, seqs = middle(played)
    with planted(
        played.engine, f"DELETE FROM event WHERE id >= {ids[5]} AND chain = 'case' AND chain_id = {played.case(UNIT).id}"
    ) as session:
        assert broken(session) == [("case", played.case(UNIT).id, seqs[-1], "the head is not where the chain ends")]


def test_a_whole_chain_gone_is_found(played):
    with planted(played.engine, "DELETE FROM event WHERE chain = 'case'") as session:
        assert len(broken(session)) == 4


def test_two_events_exchanged_are_found(played):
    ids, seqs = middle(played)
    swap = [
        f"UPDATE event SET seq = -1 WHERE id = {ids[3]}", f"UPDATE event SET seq = {seqs[3]} WHERE id = {ids[4]}",
        f"UPDATE event SET seq = {seqs[4]} WHERE id = {ids[3]}",
    ]  # fmt: skip
    with planted(played.engine, *swap) as session:
        assert broken(session)


def test_an_event_slipped_in_is_found(played):
    ids, seqs = middle(played)
    columns = ", ".join(column.name for column in Event.__table__.columns if column.name not in {"id", "seq"})
    insert = f"INSERT INTO event (seq, {columns}) SELECT {seqs[-1] + 1}, {columns} FROM event WHERE id = {ids[-1]}"
    with planted(played.engine, insert) as session:
        assert broken(session)


def test_an_edit_with_its_hash_mended_is_found_at_the_next_link(played):
    ids, seqs = middle(played)
    with reading(played.engine) as session:
        event = session.get_one(Event, ids[3])
        event.act = "other"
        mended = event_hash(event)
    with planted(played.engine, f"UPDATE event SET act = 'other', hash = '{mended}' WHERE id = {ids[3]}") as session:
        assert broken(session) == [("case", played.case(UNIT).id, seqs[4], "does not follow the one before")]


@pytest.mark.parametrize("column", ["chain_seq", "chain_head"])
def test_a_head_moved_by_hand_is_found(played, column):
    value = "chain_seq + 1" if column == "chain_seq" else f"'{'f' * 64}'"
    with planted(played.engine, f'UPDATE "case" SET {column} = {value} WHERE id = {played.case(UNIT).id}') as session:
        assert len(broken(session)) == 1


def test_the_break_of_one_chain_leaves_the_others_whole(played):
    ids, _ = middle(played)
    with planted(played.engine, f"UPDATE event SET act = 'other' WHERE id = {ids[0]}") as session:
        assert {(chain, number) for chain, number, *_ in broken(session)} == {("case", played.case(UNIT).id)}


def told(session, *kinds):
    return [repr((event.object, event.payload)) for event in session.scalars(select(Event).where(Event.chain.in_(kinds)))]


def test_events_hold_no_names_and_events_of_cases_no_free_text(played):
    with reading(played.engine) as session:
        names = session.scalars(select(Person.name)).all()
        assert not [word for word in told(session, "case", "assessment", "system") for name in names if name in word]
        assert not [word for word in told(session, "case", "system") if LETTERS.search(word.lower())]


def test_events_of_assessments_hold_no_free_text_either(played):
    with reading(played.engine) as session:
        assert not [word for word in told(session, "assessment") if LETTERS.search(word.lower())]
