import pytest

from commands.checkup import CHECKS, check_settings
from settings import Settings

PRODUCTION = {
    "THAMDINH_BASE_URL": "https://thamdinh.hanoi.gov.vn",
    "THAMDINH_DATABASE_URL": "postgresql://app@db/thamdinh",
    "THAMDINH_MIGRATION_DATABASE_URL": "postgresql://owner@db/thamdinh",
    "THAMDINH_SECRET_KEY": "k" * 40,
    "THAMDINH_TRUSTED_PROXIES": "10.0.0.2",
}


def test_a_whole_installation_is_well(installed, redis_url, smtp_server, monkeypatch):
    monkeypatch.setenv("THAMDINH_REDIS_URL", redis_url)
    monkeypatch.setenv("THAMDINH_SMTP_URL", smtp_server)
    told = installed("doctor")
    ours = [line for line in told.out.splitlines() if "PostgreSQL" not in line and "var" not in line]
    assert len(ours) >= 4
    assert all(line.startswith("✓") for line in ours)


def test_what_is_away_is_named_with_its_mend(thamdinh, monkeypatch):
    monkeypatch.setenv("THAMDINH_REDIS_URL", "redis://127.0.0.1:1")
    monkeypatch.setenv("THAMDINH_SMTP_URL", "smtp://127.0.0.1:1")
    monkeypatch.setenv("THAMDINH_DATABASE_URL", "postgresql://127.0.0.1:1/x")
    told = thamdinh("doctor")
    assert told.code == 1
    for name in ("THAMDINH_DATABASE_URL", "THAMDINH_REDIS_URL", "THAMDINH_SMTP_URL"):
        assert any(line.startswith("✗") and name in line.partition("→")[2] for line in told.out.splitlines())


def test_safe_settings_of_production_are_well():
    assert all(finding.well for finding in check_settings(Settings.read(PRODUCTION)))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("THAMDINH_BASE_URL", "http://thamdinh.hanoi.gov.vn"),
        ("THAMDINH_DATABASE_URL", "sqlite:////srv/x.sqlite"),
        ("THAMDINH_MIGRATION_DATABASE_URL", "postgresql://app@db/thamdinh"),
        ("THAMDINH_SECRET_KEY", "short"),
        ("THAMDINH_TRUSTED_PROXIES", ""),
        ("THAMDINH_DEMO", "1"),
    ],
)
def test_each_unsafe_setting_is_named_with_the_mend(name, value):
    ill = [finding for finding in check_settings(Settings.read({**PRODUCTION, name: value})) if not finding.well]
    assert len(ill) == 1
    assert name in ill[0].mend


def test_every_check_gives_a_finding(tmp_path):
    settings = Settings.read({"THAMDINH_DATA_DIR": str(tmp_path)})
    assert all(list(check(settings)) for check in CHECKS)
