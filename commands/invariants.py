"""`thamdinh invariants`: the live data against everything that must always hold."""

import argparse

from commands.database import looking
from settings import Settings

NAME = "invariants"
HELP = "đối chiếu dữ liệu đang chạy với những điều luôn phải đúng"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`[--files]`."""
    parser.add_argument("--files", action="store_true", help="đọc và băm lại cả các tệp minh chứng (lâu)")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print every violation; 1 when there is one."""
    from workflow.evidence_store import EvidenceStore
    from workflow.invariants import invariants, violations

    store = EvidenceStore(settings.evidence_dir) if args.files else None
    with looking(settings) as session:
        found = list(violations(session, store))
    for violation in found:
        print(violation)
    print(f"{len(found)} chỗ sai" if found else f"cả {len(invariants(store))} điều đều đúng")
    return 1 if found else 0
