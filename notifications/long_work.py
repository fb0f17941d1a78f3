"""Long work asked for by a page: its rows are leased and run by a worker, and end with a result or an error that the page shows."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, or_, select, update

from models.session import reading, transaction
from models.tables import Job
from states.words import N_
from workflow.clock import machine_now

Work = Callable[[Engine, int, Mapping[str, Any]], None]
WORKS: dict[str, Work] = {}
"""What a page can ask for, by the kind of its row. Each gets the engine, the row's id for its progress, and the row's parameters."""

UNKNOWN = N_("Không có loại việc này.")
BROKEN = N_("Việc bị ngắt vì lỗi của hệ thống; hãy làm lại hoặc báo quản trị.")
PATIENCE = timedelta(minutes=20)
"""A job begun so long ago and not ended was left by a worker that died; it is run again."""


def _open() -> list[Any]:
    abandoned = machine_now() - PATIENCE
    return [Job.done_at.is_(None), or_(Job.started_at.is_(None), Job.started_at < abandoned)]


def waiting_jobs(engine: Engine) -> Sequence[int]:
    """Return the jobs that wait for a worker."""
    with reading(engine) as session:
        return session.scalars(select(Job.id).where(*_open()).order_by(Job.id)).all()


def run(engine: Engine, job_id: int) -> bool:
    """Run one job if nobody else does; return whether it was run to its end."""
    with transaction(engine) as session:
        taken = update(Job).where(Job.id == job_id, *_open()).values(started_at=machine_now()).returning(Job.kind, Job.params)
        row = session.execute(taken).first()
    if row is None:
        return False
    work = WORKS.get(row.kind)
    if work is None:
        _end(engine, job_id, UNKNOWN)
        return False
    try:
        work(engine, job_id, row.params)
    except Exception:
        _end(engine, job_id, BROKEN)
        raise
    _end(engine, job_id, "")
    return True


def _end(engine: Engine, job_id: int, error: str) -> None:
    with transaction(engine) as session:
        session.execute(update(Job).where(Job.id == job_id).values(done_at=machine_now(), error=error))
