"""The physical limit: the same score entries and events, one durable transaction each, by sqlite3 and nothing else."""

import sqlite3
import time
from pathlib import Path

from benchmarks.season import Pace


def replay(source: Path, target: Path) -> Pace:
    """Copy the database, empty of entries and events, and write them again as the bare driver would."""
    with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
        old.backup(new)
    entries, events = _rows(source, "score_entry"), _rows(source, "event where chain = 'case'")
    connection = sqlite3.connect(target, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    for table in ("score_entry", "event"):
        connection.execute(f"DROP TRIGGER {table}_no_delete")
        connection.execute(f"DELETE FROM {table}")
    pending = dict(enumerate(entries))
    started = time.perf_counter()
    for number, event in enumerate(events):
        _act(connection, event, pending.get(number))
    seconds = time.perf_counter() - started
    connection.close()
    return Pace(len(events), seconds)


def _rows(path: Path, table: str) -> list[sqlite3.Row]:
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    rows = connection.execute(f"SELECT * FROM {table}").fetchall()
    connection.close()
    return rows


def _act(connection: sqlite3.Connection, event: sqlite3.Row, entry: sqlite3.Row | None) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("SELECT state, chain_seq, chain_head FROM 'case' WHERE id = ?", (event["chain_id"],)).fetchone()
    if entry is not None:
        _insert(connection, "score_entry", entry)
        connection.execute("UPDATE item SET version = version + 1 WHERE id = ?", (entry["item_id"],))
    _insert(connection, "event", event)
    head = (event["seq"], event["hash"], event["chain_id"])
    connection.execute("UPDATE 'case' SET chain_seq = ?, chain_head = ? WHERE id = ?", head)
    connection.execute("COMMIT")


def _insert(connection: sqlite3.Connection, table: str, row: sqlite3.Row) -> None:
    names = row.keys()
    connection.execute(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", tuple(row))
