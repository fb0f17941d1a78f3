"""`make bench`: a small season, every act its own durable transaction, by the workflow and by the bare driver, turn by turn."""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from benchmarks.bare import replay
from benchmarks.season import play_season


def main() -> int:
    """Run the turns and print acts per second and the median ratio; `--json FILE` keeps the figures."""
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("--cases", type=int, default=4)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    turns = []
    for turn in range(args.turns):
        with tempfile.TemporaryDirectory() as folder:
            ours = play_season(Path(folder) / "workflow.sqlite", args.cases)
            bare = replay(Path(folder) / "workflow.sqlite", Path(folder) / "bare.sqlite")
        turns.append({"acts": ours.acts, "workflow": ours.rate, "bare": bare.rate, "ratio": ours.rate / bare.rate})
        print(
            f"turn {turn + 1}: {ours.acts} acts, workflow {ours.rate:.0f}/s, bare driver {bare.rate:.0f}/s, ratio {turns[-1]['ratio']:.3f}"
        )
    ratios = sorted(turn["ratio"] for turn in turns)
    print(f"median: the workflow reaches {ratios[len(ratios) // 2]:.1%} of the bare driver (SQLite, WAL, synchronous=FULL)")
    if args.json:
        args.json.write_text(json.dumps(turns, indent=2), encoding="utf-8")
    return 0


sys.exit(main())
