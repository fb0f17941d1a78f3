"""`thamdinh doctor`: is this installation whole and safe, and if not, what to do."""

import argparse

from settings import Settings

NAME = "doctor"
HELP = "khám bản cài đặt: nêu chỗ hỏng, chỗ không an toàn và cách chữa"


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """None."""


def run(_args: argparse.Namespace, settings: Settings) -> int:
    """Print every finding; 1 when there is something to mend."""
    from commands.checkup import CHECKS

    well = True
    for check in CHECKS:
        for finding in check(settings):
            well = well and finding.well
            print(f"✓ {finding.what}" if finding.well else f"✗ {finding.what} → {finding.mend}")
    return 0 if well else 1
