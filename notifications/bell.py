"""RQ as a bell: it wakes a worker with a name from a short list and ids, never more. The truth is in the database.

Whoever can write to Redis can ring the bell, and nothing else: no pickle is read, no path is imported, no callback or web hook is
followed (security.md 1.4, N2).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from rq import Queue, Worker
from rq.exceptions import DuplicateJobError
from rq.job import Job
from rq.serializers import JSONSerializer

if TYPE_CHECKING:
    from redis import Redis

QUEUE = "thamdinh"
Task = Callable[[Sequence[int]], None]

WINDOW = 60
"""Seconds in which the same bell is rung once, however many relays there are."""
STALE = 2 * WINDOW
"""Seconds after which a bell nobody heard is forgotten: the relay rings again, so that none pile up."""
TIME_LIMIT = 15 * 60
"""Seconds a job may take; deliveries stop by themselves before it."""
KEEP_FAILED = 60 * 60
"""Seconds a failed job may be looked at in Redis; what has failed stands in the database anyway."""


class NotOnTheListError(Exception):
    """A job asks for something other than a known task with ids."""


class Ring(Job):
    """A job that can only be a task of the list, with ids."""

    tasks: ClassVar[Mapping[str, Task]] = {}

    @property
    def func(self) -> Task:
        """The task by its name. Raises NotOnTheListError for anything else."""
        task = self.tasks.get(self.func_name or "")
        if task is None or self.instance is not None or self.kwargs or not _are_ids(self.args):
            raise NotOnTheListError
        return task

    def restore(self, raw_data: Any) -> Any:  # noqa: ANN401  (RQ's own signature)
        """Read the job from Redis without anything that could be called or visited."""
        super().restore(raw_data)
        self._success_callback_name = self._failure_callback_name = self._stopped_callback_name = None
        self.webhooks = []


def _are_ids(given: Sequence[object]) -> bool:
    return len(given) == 1 and isinstance(given[0], list) and all(type(one) is int for one in given[0])


class Listener(Worker):
    """A worker that knows whether it was told to stop, rather than having lost Redis."""

    told_to_stop = False
    max_connection_wait_time = 10.0

    def request_stop(self, signum: Any, frame: Any) -> None:  # noqa: ANN401  (RQ's own signature)
        """Remember it, then end as RQ does: after the job in hand."""
        self.told_to_stop = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]


def ring_for(tasks: Mapping[str, Task]) -> type[Ring]:
    """Return the class of jobs that may do these tasks."""
    return type("Ring", (Ring,), {"tasks": dict(tasks)})


def queue_on(redis: "Redis", job_class: type[Ring] = Ring) -> Queue:
    """Return the one queue."""
    return Queue(QUEUE, connection=redis, job_class=job_class, serializer=JSONSerializer)


def ring(redis: "Redis", task: str, ids: Collection[int], mark: str, window: int) -> bool:
    """Wake a worker for these ids, once per mark and window; return whether this call did. Raises RedisError where Redis is away."""
    options = {"result_ttl": 0, "failure_ttl": KEEP_FAILED, "ttl": STALE, "job_timeout": TIME_LIMIT}
    try:
        queue_on(redis).enqueue(task, sorted(ids), job_id=f"{task}-{mark}-{window}", unique=True, description=task, **options)
    except DuplicateJobError:
        return False
    return True
