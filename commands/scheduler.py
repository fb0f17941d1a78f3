"""`thamdinh scheduler`: looks again and again for what is owed today, and hands it to the worker."""

import argparse

from commands.database import migrated
from settings import Settings

NAME = "scheduler"
HELP = "chạy tiến trình tìm việc cần nhắc và thư cần gửi"


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """None: everything it needs stands in the settings."""


def run(_args: argparse.Namespace, settings: Settings) -> int:
    """Scan until told to stop."""
    from notifications import scheduler

    with migrated(settings):
        """Refused here, once, rather than at every turn."""
    return scheduler.main(settings)
