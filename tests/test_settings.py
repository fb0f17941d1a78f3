import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import pytest

from settings import Settings, SettingsError, name_of


def test_an_empty_environment_is_a_working_installation(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = Settings.read({})
    assert settings.data_dir == tmp_path / "var"
    assert settings.database_url == settings.migration_database_url == f"sqlite:///{tmp_path}/var/thamdinh.sqlite"
    assert settings.hosts == ("127.0.0.1",)
    assert not settings.demo


def test_defaults_follow_what_is_set():
    settings = Settings.read({"THAMDINH_DATA_DIR": "/srv/x", "THAMDINH_DATABASE_URL": "postgresql://app@db/thamdinh"})
    assert settings.evidence_url == "file:///srv/x/evidence"
    assert settings.database_url == settings.migration_database_url == "postgresql://app@db/thamdinh"


def test_every_problem_is_said_at_once_and_an_unknown_name_names_the_nearest():
    with pytest.raises(SettingsError) as refused:
        Settings.read({"THAMDINH_DATABSE_URL": "x", "THAMDINH_REDIS_URL": "http://x", "THAMDINH_DEMO": "có", "OTHER": "x"})
    said = str(refused.value).splitlines()
    assert "THAMDINH_DATABASE_URL" in said[0]
    assert said[1].startswith("THAMDINH_REDIS_URL: phải bắt đầu bằng redis://")
    assert said[2].startswith("THAMDINH_DEMO")
    assert len(said) == 3


def test_no_secret_is_printed():
    environment = {name_of(row.name): "postgresql://u:hunter2@h/d" for row in fields(Settings) if row.name.endswith("database_url")}
    environment |= {
        "THAMDINH_SECRET_KEY": "hunter2",
        "THAMDINH_SMTP_URL": "smtp://u:hunter2@h",
        "THAMDINH_REDIS_URL": "redis://:hunter2@h",
    }
    assert "hunter2" not in repr(Settings.read(environment))
    with pytest.raises(SettingsError) as refused:
        Settings.read({"THAMDINH_SMTP_URL": "http://u:hunter2@h"})
    assert "hunter2" not in str(refused.value)


def test_the_kept_key_is_made_once_and_private(tmp_path):
    settings = Settings.read({"THAMDINH_DATA_DIR": str(tmp_path / "new")})
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: settings.signing_key(), range(16)))
    assert len(keys) == 1
    assert len(keys.pop()) >= 32
    kept = tmp_path / "new" / "secret-key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert list(kept.parent.iterdir()) == [kept]


def test_a_given_key_is_the_key(tmp_path):
    settings = Settings.read({"THAMDINH_DATA_DIR": str(tmp_path), "THAMDINH_SECRET_KEY": "k" * 32})
    assert settings.signing_key() == "k" * 32
    assert not list(tmp_path.iterdir())
