"""One round of the relay: words become mails, and a worker is woken for every mail and every long job that is due."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Engine, exists, select

from models.session import reading, transaction
from models.tables import Mail, Notification
from notifications.bell import WINDOW, ring
from notifications.collecting import collect
from notifications.delivery import is_due
from notifications.long_work import waiting_jobs
from workflow.clock import machine_now

if TYPE_CHECKING:
    from redis import Redis

DELIVER, RUN = "deliver", "run"
"""The only tasks a worker knows."""
PER_JOB = 100
AT_ONCE = 5_000


def relay(engine: Engine, redis: "Redis", host: str) -> int:
    """Collect what is owed, then wake workers; return how many bells rang. Raises RedisError after collecting, where Redis is away."""
    with transaction(engine) as session:
        collect(session, host)
    window = int(machine_now().timestamp()) // WINDOW
    rung = 0
    for block, ids in _blocks(due_mails(engine)).items():
        rung += ring(redis, DELIVER, ids, str(block), window)
    for job_id in waiting_jobs(engine):
        rung += ring(redis, RUN, [job_id], str(job_id), window)
    return rung


def due_mails(engine: Engine) -> Sequence[int]:
    """Return the mails that somebody should deliver now, the oldest first."""
    said = exists().where(Notification.mail_id == Mail.id, Notification.skipped_at.is_(None))
    with reading(engine) as session:
        return session.scalars(select(Mail.id).where(*is_due(), said).order_by(Mail.id).limit(AT_ONCE)).all()


def _blocks(ids: Sequence[int]) -> dict[int, list[int]]:
    """Cut into jobs by fixed ranges of ids, so that two relays ring the same bells."""
    blocks: defaultdict[int, list[int]] = defaultdict(list)
    for mail_id in ids:
        blocks[mail_id // PER_JOB].append(mail_id)
    return dict(blocks)
