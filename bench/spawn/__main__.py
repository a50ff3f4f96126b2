"""`make bench NAME=spawn`: 10,000 random trees of sub-agents, and how fast stopping a session ends all below it.

`overspend` and `widened` must be 0: accounts that used more than they may, agents with what their parent has not.
`cancel_max_ms`: the slowest of ten stops of a tree of sixteen agents, on SQLite with fsync, until the last end is
durable. `ARGS="--trees 100000 --seed 7"` grows others.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from dataclasses import asdict
from pathlib import Path

from bench.machine import machine
from bench.spawn.cancelling import cancel_ms
from bench.spawn.trees import grown
from mcp_tools.catalogue import default_catalogue

STOPS = 10


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.spawn")
    parser.add_argument("--trees", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=20260101)
    asked = parser.parse_args()
    findings = grown(asked.trees, asked.seed, default_catalogue())
    stops = sorted(asyncio.run(_stops()))
    figures = {
        "bench": "spawn",
        "seed": asked.seed,
        **asdict(findings),
        "cancel_median_ms": round(stops[len(stops) // 2], 1),
        "cancel_max_ms": round(stops[-1], 1),
        "target": {"overspend": 0, "widened": 0, "cancel_max_ms": 1000},
        "machine": machine(),
    }
    print(json.dumps(figures))


async def _stops() -> list[float]:
    times: list[float] = []
    for _ in range(STOPS):
        with tempfile.TemporaryDirectory(prefix="ink-bench-") as folder:
            times.append(await cancel_ms(Path(folder)))
    return times


if __name__ == "__main__":
    main()
