"""The two processes of the post, as the operator starts them."""

import sys
from queue import SimpleQueue

import pytest

from commands.services.mail import caught, mail_catcher
from commands.services.processes import Processes, Program

ADMIN = ("user", "add", "quan.tri@hanoi.example", "--name", "Trần Quản Trị")


def test_an_invitation_travels_from_the_command_line_to_the_mailbox(installed, database, redis_url, tmp_path):
    arrived = SimpleQueue()
    installed(*ADMIN)
    with Processes(lambda _: None) as processes, mail_catcher(tmp_path / "mail", told=arrived.put) as smtp:
        environment = {
            "THAMDINH_DATABASE_URL": database,
            "THAMDINH_DATA_DIR": str(tmp_path / "var"),
            "THAMDINH_REDIS_URL": redis_url,
            "THAMDINH_SMTP_URL": smtp,
        }
        for name in ("worker", "scheduler"):
            processes.start(Program(name, [sys.executable, "-m", "commands.main", name], environment=environment))
        arrived.get(timeout=60)
    (message,) = caught(tmp_path / "mail")
    assert message["To"].addresses[0].addr_spec == "quan.tri@hanoi.example"


@pytest.mark.parametrize("name", ["worker", "scheduler"])
def test_without_a_database_it_says_what_to_run(thamdinh, name):
    told = thamdinh(name)
    assert told.code == 1
    assert "thamdinh db upgrade" in told.err
