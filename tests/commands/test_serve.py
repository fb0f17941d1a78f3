import socket
import sys
import urllib.request
from http.client import HTTPException
from urllib.error import HTTPError

import pytest

from commands.services.processes import Processes, Program


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def web(database, tmp_path, port):
    environment = {
        "THAMDINH_DATABASE_URL": database,
        "THAMDINH_DATA_DIR": str(tmp_path / "var"),
        "THAMDINH_BASE_URL": f"http://127.0.0.1:{port}",
    }
    argv = [sys.executable, "-m", "commands.main", "serve", "--port", str(port)]
    return Program("web", argv, ready="Listening at", environment=environment)


def status(url):
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.status
    except HTTPError as answer:
        answer.close()
        return answer.code


def test_pages_are_served_and_stop_with_a_signal(database, tmp_path):
    port = free_port()
    with Processes(lambda _: None) as processes:
        processes.start(web(database, tmp_path, port))
        assert status(f"http://127.0.0.1:{port}/healthz") == 200
        assert status(f"http://127.0.0.1:{port}/no-such-page") == 404
    with pytest.raises((OSError, HTTPException)):
        status(f"http://127.0.0.1:{port}/healthz")


def test_a_taken_port_is_one_line_that_says_what_to_do(installed):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = installed("serve", "--port", port)
    assert told.code == 1
    assert told.err == f"thamdinh: không mở được cổng {port} (địa chỉ hoặc cổng đang được dùng); hãy chọn cổng khác bằng --port\n"
