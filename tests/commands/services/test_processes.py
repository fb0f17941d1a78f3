import fcntl
import os
import signal
import subprocess
import sys

import pytest

from commands.services.processes import Processes, Program, ProgramEndedError

HOLD = """
import fcntl, signal, sys, time
mine = open(sys.argv[1], "w")
fcntl.flock(mine, fcntl.LOCK_EX)
if len(sys.argv) > 2: signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready now", flush=True)
signal.pause()
"""

FAMILY = """
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell does to what it starts in the background
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # even where the tests themselves run under nohup
from commands.services.processes import Processes, Program
hold, first, second = sys.argv[1:]
try:
    with Processes() as processes:
        processes.start(Program("one", [sys.executable, "-c", hold, first], ready="ready"))
        processes.start(Program("two", [sys.executable, "-c", hold, second], ready="ready"))
        print("all up", flush=True)
        processes.wait()
except KeyboardInterrupt:
    print("stopped", flush=True)
"""


def holder(name, lock, ready="ready"):
    """A program that holds a lock on a file for as long as it lives."""
    return Program(name, [sys.executable, "-c", HOLD, str(lock)], ready=ready)


def is_held(path):
    with path.open("w") as ours:
        try:
            fcntl.flock(ours, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def wait_until_free(path):
    with path.open("w") as ours:
        fcntl.flock(ours, fcntl.LOCK_EX)


def test_programs_run_together_and_leaving_stops_them(tmp_path):
    lines = []
    with Processes(lines.append) as processes:
        processes.start(holder("web", tmp_path / "a"))
        processes.start(holder("worker", tmp_path / "b"))
        assert is_held(tmp_path / "a")
        assert is_held(tmp_path / "b")
    assert not is_held(tmp_path / "a")
    assert not is_held(tmp_path / "b")
    assert lines == ["       web | ready now", "    worker | ready now"]


def test_when_one_dies_the_rest_stop_and_the_reason_is_told(tmp_path):
    dies = Program("worker", [sys.executable, "-c", "import sys; print('up'); print('no disk space'); sys.exit(3)"], ready="up")
    with pytest.raises(ProgramEndedError, match="worker đã dừng \\(mã 3\\)") as ended, Processes(lambda _: None) as processes:
        processes.start(holder("web", tmp_path / "a"))
        processes.start(dies)
        processes.wait()
    assert "no disk space" in str(ended.value)
    assert not is_held(tmp_path / "a")


def test_a_program_that_ends_before_it_is_ready_is_told_at_start():
    with Processes(lambda _: None) as processes, pytest.raises(ProgramEndedError, match="SIGKILL"):
        processes.start(Program("web", [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"], ready="never"))


def test_a_deaf_program_is_killed_with_its_children(tmp_path, monkeypatch):
    monkeypatch.setattr("commands.services.processes.GRACE", 0.2)
    with_child = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', sys.argv[1], sys.argv[2], 'deaf']).wait()"
    with Processes(lambda _: None) as processes:
        processes.start(Program("family", [sys.executable, "-c", with_child, HOLD, str(tmp_path / "child")], ready="ready"))
        assert is_held(tmp_path / "child")
    wait_until_free(tmp_path / "child")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_nothing_stays_behind_however_we_are_stopped(tmp_path, number):
    locks = [tmp_path / "a", tmp_path / "b"]
    parent = subprocess.Popen([sys.executable, "-c", FAMILY, HOLD, *map(str, locks)], stdout=subprocess.PIPE, text=True, env=os.environ)
    with parent.stdout:
        while "all up" not in parent.stdout.readline():
            assert parent.poll() is None
        parent.send_signal(number)
        assert ("stopped" in parent.stdout.read()) == (number != signal.SIGKILL)
    parent.wait()
    for lock in locks:
        wait_until_free(lock)
