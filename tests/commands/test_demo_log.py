import json

from flask import Flask

from commands.demo import quietly
from web.log import note


def test_the_terminal_names_a_failure_and_the_file_holds_its_trace(caplog, tmp_path):
    """A line as the web service writes it goes through the demo's ears."""
    told = []
    with Flask(__name__).test_request_context("/ky/2026", method="GET"):
        note("failed", error=ValueError("hỏng"))
    with (tmp_path / "dich-vu.log").open("w", encoding="utf-8") as file:
        hear = quietly(file, told.append)
        hear("       web | Listening at: http://127.0.0.1:1")
        hear(f"       web | {caplog.records[-1].getMessage()}")
        hear("       web | ValueError: hỏng")
    request = json.loads(caplog.records[-1].getMessage())["request"]
    assert told == [f"Sự cố {request} ở /ky/2026; chi tiết trong {tmp_path / 'dich-vu.log'}"]
    assert "ValueError: hỏng" in (tmp_path / "dich-vu.log").read_text(encoding="utf-8")
