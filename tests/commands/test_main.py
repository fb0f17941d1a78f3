import os
import re
import socket
import subprocess
import sys

import pytest

from commands.main import COMMANDS
from settings import ROOT

ENGLISH = re.compile(r"usage|option|argument|required|invalid|choose|error|show this", re.IGNORECASE)
"""Words with which argparse speaks English."""


def test_every_command_says_what_it_does(thamdinh):
    told = thamdinh("--help")
    assert told.code == 0
    for command in COMMANDS:
        assert command.NAME in told.out
        assert thamdinh(command.NAME, "--help").code == 0


@pytest.mark.parametrize("words", [[], ["nonsense"], ["catalogue"], ["assessment", "open"], ["serve", "--port", "x"]])
def test_wrong_usage_exits_2_in_vietnamese(thamdinh, words):
    told = thamdinh(*words)
    assert told.code == 2
    assert not ENGLISH.search(told.err), told.err


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_in_vietnamese(thamdinh, command):
    assert not ENGLISH.search(thamdinh(command.NAME, "--help").out)


def test_what_the_system_refuses_is_said_in_vietnamese(thamdinh, tmp_path):
    assert thamdinh("catalogue", "check", str(tmp_path / "none.toml")).err.endswith(": không có tệp hoặc thư mục này\n")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert "cổng đang được dùng" in thamdinh("demo", "--data", str(tmp_path / "d"), "--port", port).err


def test_wrong_settings_exit_2_with_a_line_each(thamdinh, monkeypatch):
    monkeypatch.setenv("THAMDINH_SECRT_KEY", "x")
    told = thamdinh("doctor")
    assert told.code == 2
    assert told.err == "thamdinh: THAMDINH_SECRT_KEY: không có cài đặt này; tên gần nhất là THAMDINH_SECRET_KEY\n"


@pytest.mark.parametrize("words", [["audit", "verify"], ["organisation", "list"], ["serve", "--port", "0"], ["db", "check"]])
def test_without_a_database_one_line_says_what_to_run(thamdinh, tmp_path, words):
    told = thamdinh(*words)
    assert (told.code, told.out) == (1, "")
    assert told.err.count("\n") == 1
    assert "thamdinh db upgrade" in told.err
    assert not (tmp_path / "var").exists()


def test_a_database_that_is_away_is_one_line(thamdinh, monkeypatch):
    monkeypatch.setenv("THAMDINH_DATABASE_URL", "postgresql://127.0.0.1:1/x")
    told = thamdinh("audit", "verify")
    assert told.code == 1
    assert told.err.startswith("thamdinh: Cơ sở dữ liệu không trả lời: ")
    assert told.err.count("\n") == 1


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_the_installed_program_stops_quietly_when_nobody_reads_on(unbuffered):
    environment = {**os.environ, "THAMDINH_DATABASE_URL": "sqlite:////nowhere", "PYTHONUNBUFFERED": unbuffered}
    reader, writer = os.pipe()
    os.close(reader)
    program = [sys.executable, "-c", "from commands.main import main; raise SystemExit(main(['doctor']))"]
    done = subprocess.run(program, cwd=ROOT, env=environment, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert done.stderr == ""
