"""What an operator copies out of deploy/ works with this program."""

import re

import psycopg
import pytest

from commands.checkup import check_settings
from commands.main import COMMANDS
from settings import ROOT, Settings

DEPLOY = ROOT / "deploy"


def test_the_example_environment_is_read_and_is_safe():
    lines = [line for line in (DEPLOY / "thamdinh.env.example").read_text("utf-8").splitlines() if line and not line.startswith("#")]
    environment = dict(line.split("=", 1) for line in lines)
    environment["THAMDINH_MIGRATION_DATABASE_URL"] = "postgresql://thamdinh_owner@/thamdinh?host=/run/postgresql"
    assert [finding for finding in check_settings(Settings.read(environment)) if not finding.well] == []


@pytest.mark.parametrize("path", sorted(DEPLOY.glob("*.service")), ids=lambda path: path.name)
def test_each_unit_starts_a_command_that_exists(path):
    (command,) = re.findall(r"^ExecStart=\S+/thamdinh (\w+)", path.read_text("utf-8"), re.MULTILINE)
    assert command in {one.NAME for one in COMMANDS}


@pytest.mark.postgres
def test_the_roles_are_made_and_the_database_is_the_owners(postgres_cluster):
    statements = [line for line in (DEPLOY / "roles.sql").read_text("utf-8").splitlines() if line and not line.startswith("--")]
    with psycopg.connect(postgres_cluster, autocommit=True) as admin:
        own = f"thamdinh_{admin.info.backend_pid}"
        try:
            for statement in statements:
                admin.execute(re.sub(r"\bthamdinh(?=\b|_)", own, statement))
            owner = admin.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", [own]).fetchone()
            assert owner == (f"{own}_owner",)
        finally:
            admin.execute(f"DROP DATABASE IF EXISTS {own}")
            for role in ("owner", "app"):
                admin.execute(f"DROP ROLE IF EXISTS {own}_{role}")
