"""An installation to run commands in: its settings point at the test's own database and folder."""

import json
from dataclasses import dataclass

import pytest

from commands.main import main
from settings import ROOT

CATALOGUE = ROOT / "catalogues" / "hanoi-5279-2025.toml"
CALENDAR = """
opens = 2025-11-01
self_score = 2025-11-30
round_1 = 2025-12-20
round_2 = 2026-01-20
explanation_working_days = 5
holidays = [2026-01-02]
"""


@dataclass
class Said:
    """How a command ended: exit code, standard output, error output."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def thamdinh(monkeypatch, tmp_path, capsys):
    """Run `thamdinh` with these words; settings come from the environment of the test."""
    monkeypatch.setenv("THAMDINH_DATA_DIR", str(tmp_path / "var"))

    def run(*words):
        capsys.readouterr()
        try:
            code = main([str(word) for word in words])
        except SystemExit as ended:
            code = ended.code
        return Said(code, *capsys.readouterr())

    return run


@pytest.fixture
def installed(thamdinh, database, monkeypatch):
    """The same, on a migrated database."""
    monkeypatch.setenv("THAMDINH_DATABASE_URL", database)
    return thamdinh


@pytest.fixture
def calendar(tmp_path):
    """A calendar file for an assessment."""
    path = tmp_path / "lịch.toml"
    path.write_text(CALENDAR, encoding="utf-8")
    return path
