"""Starts other programs, shows what they say, and leaves none of them behind."""

import os
import shutil
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from tempfile import mkdtemp
from threading import Event, Thread
from types import FrameType, TracebackType
from typing import Self

GRACE = 10
"""Seconds a program gets to end by itself before it is killed."""
PATIENCE = 120
"""Seconds a program gets to say that it is ready."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to start. `ready` is a piece of the line by which it says that it serves; without one it is ready at once."""

    name: str
    argv: Sequence[str]
    ready: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    user: int | None = None
    """The user id to run as, for programs that refuse to be root."""


class ProgramEndedError(Exception):
    """A program that should go on running has ended. Says which, how, and its last words."""

    def __init__(self, name: str, code: int, last_words: Sequence[str]) -> None:
        """Take the exit code as Python gives it: negative for a signal."""
        how = f"mã {code}" if code >= 0 else f"tín hiệu {signal.Signals(-code).name}"
        super().__init__("\n".join([f"{name} đã dừng ({how})", *(f"  {line}" for line in last_words)]))
        self.name = name
        self.code = code


class _Running:
    """One started program with the two threads that watch it."""

    def __init__(self, program: Program, say: Callable[[str], None], ended: "SimpleQueue[_Running]") -> None:
        self.program = program
        self.last_words: deque[str] = deque(maxlen=8)
        self.news = Event()
        """Set when the program is ready, and when it has ended."""
        self._say = say
        self._process = subprocess.Popen(
            [*_die_with_parent(program.stop_signal), *program.argv],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, **program.environment},
            start_new_session=True,  # so that Ctrl-C reaches only us, and we decide the order
            user=program.user,
        )
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()
        self._watcher = Thread(target=self._watch, args=[ended], daemon=True)
        self._watcher.start()
        if not program.ready:
            self.news.set()

    def _read(self) -> None:
        with self._process.stdout or nullcontext(()) as lines:
            for line in lines:
                self.last_words.append(line.rstrip())
                self._say(f"{self.program.name:>10} | {line.rstrip()}")
                if self.program.ready and self.program.ready in line:
                    self.news.set()

    def _watch(self, ended: "SimpleQueue[_Running]") -> None:
        self._process.wait()
        self._kill_group()
        self._reader.join(GRACE)
        self.news.set()
        ended.put(self)

    def _kill_group(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def check(self) -> None:
        """Raise when the program is not running any more."""
        if self._process.poll() is not None:
            raise ProgramEndedError(self.program.name, self._process.returncode, list(self.last_words))

    def stop(self) -> None:
        """Ask, wait, then kill; afterwards nothing of its group is left."""
        if self._process.poll() is None:
            self._process.send_signal(self.program.stop_signal)
            try:
                self._process.wait(GRACE)
            except subprocess.TimeoutExpired:
                self._kill_group()
        self._watcher.join()


class Processes:
    """Programs that live and die together, as a context: leaving it, in whatever way, stops them all, the last one first.

    Meant for the main thread: while it lasts, a TERM or a closed terminal ends it like Ctrl-C (KeyboardInterrupt).
    """

    def __init__(self, say: Callable[[str], None] | None = None) -> None:
        """Take where the programs' lines go; the standard output otherwise."""
        self._say = say or _print_line
        self._running: list[_Running] = []
        self._ended: SimpleQueue[_Running] = SimpleQueue()
        self._handlers: dict[signal.Signals, object] = {}
        self._folders: list[Path] = []

    def start(self, program: Program) -> None:
        """Start a program and return when it is ready. Raises ProgramEndedError when it ends instead."""
        running = _Running(program, self._say, self._ended)
        self._running.append(running)
        if not running.news.wait(PATIENCE):
            raise TimeoutError(f"{program.name} không sẵn sàng sau {PATIENCE} giây")
        if program.ready:
            running.check()

    def private_folder(self, purpose: str) -> Path:
        """A folder that only we can read, removed when the last program has stopped; its path is short enough for a socket."""
        self._folders.append(Path(mkdtemp(prefix=f"thamdinh-{purpose}-")))
        return self._folders[-1]

    def wait(self) -> None:
        """Sleep until one of the programs ends, and raise ProgramEndedError for it."""
        ended = self._ended.get()
        ended.check()

    def __enter__(self) -> Self:
        """Take over the signals that would end us without a word.

        Ctrl-C too: started in the background we would inherit that it is ignored. A hang-up stays ignored under nohup.
        """
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number == signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN:
                continue
            self._handlers[number] = signal.signal(number, _interrupt)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop all, whatever happened; a second Ctrl-C does not cut this short."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for running in reversed(self._running):
            running.stop()
        for folder in self._folders:
            shutil.rmtree(folder, ignore_errors=True)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)  # type: ignore[arg-type]


def _die_with_parent(number: signal.Signals) -> list[str]:
    """Have the kernel stop the program when we are killed before we can; part of every Debian."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", number.name.removeprefix("SIG"), "--"] if setpriv else []


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _print_line(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
