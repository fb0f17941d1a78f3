"""`thamdinh worker`: delivers what the outbox owes, as RQ jobs."""

import argparse

from commands.database import migrated
from settings import Settings

NAME = "worker"
HELP = "chạy tiến trình gửi thư và làm việc nền"


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """None: everything it needs stands in the settings."""


def run(_args: argparse.Namespace, settings: Settings) -> int:
    """Work until told to stop."""
    from notifications import worker

    with migrated(settings):
        """Refused here, once, rather than by every job."""
    return worker.main(settings)
