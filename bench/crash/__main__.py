"""`make bench NAME=crash`: the whole matrix on SQLite and, where there is a server, on PostgreSQL.

ARGS: `--flows WORD` plays the flows whose name has it, `--stride N` each N-th boundary, `--databases sqlite`. On the
access point of the development cluster, as one of its users, `--cluster htcondor` and `--cluster slurm` submit jobs.

A killed process loses nothing that it wrote, to a disk or not, so worlds are made in memory where there is room: some
500 points take minutes then instead of hours. `TMPDIR` names another place.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.crash.flows import FLOWS
from bench.crash.matrix import NewLedger, every, first_of_each, run
from bench.crash.world import LOCAL, Cluster

CLUSTERS: dict[str, Cluster] = {
    "local": LOCAL,
    "htcondor": {"type": "htcondor", "name": "htcondor", "poll_interval_s": 1},
    "slurm": {"type": "slurm", "name": "slurm", "url": "http://cm.pool.test:6820", "poll_interval_s": 1},
}


MEMORY = Path("/dev/shm")
ROOM_BYTES = 2**30


def main() -> int:
    options = _options()
    if "TMPDIR" not in os.environ and _serves(MEMORY):
        tempfile.tempdir = str(MEMORY)
    flows = [flow for flow in FLOWS if options.flows in flow.name]
    figures: dict[str, Any] = {"bench": "crash", "flows": len(flows)}
    faults: list[str] = []
    for database in options.databases:
        if database == "postgresql" and (reason := _why_not()):
            print(f"no PostgreSQL: {reason}", file=sys.stderr)
            continue
        began = time.monotonic()
        with _ledgers(database) as new_ledger:
            choose = first_of_each() if options.representative else every(options.stride)
            say = partial(print, f"{database}:", flush=True)
            found = run(flows, new_ledger, CLUSTERS[options.cluster], choose, say)
        faults += [f"{database}: {fault}" for fault in found.faults]
        seconds = round(time.monotonic() - began, 1)
        figures[database] = {**asdict(found), "faults": len(found.faults), "seconds": seconds}
    print(json.dumps(figures))
    return 1 if faults else 0


def _serves(folder: Path) -> bool:
    """Whether there is room, for us, and for jobs that are programs in it."""
    if not os.access(folder, os.W_OK):
        return False
    found = os.statvfs(folder)
    return not found.f_flag & os.ST_NOEXEC and found.f_bavail * found.f_frsize >= ROOM_BYTES


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.crash")
    parser.add_argument("--flows", default="", help="only flows whose name has this word")
    parser.add_argument("--stride", type=int, default=1, help="only each N-th boundary")
    parser.add_argument("--representative", action="store_true", help="only the first boundary of each kind")
    parser.add_argument("--cluster", default="local", choices=CLUSTERS, help="where jobs are submitted to")
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"])
    return parser.parse_args()


def _why_not() -> str | None:
    if find_spec("psycopg") is None:  # as on a node of the development cluster
        return "its driver is not installed"
    from bench.postgresql import why_no_postgresql

    return why_no_postgresql()


@contextmanager
def _ledgers(database: str) -> Iterator[NewLedger]:
    if database == "sqlite":
        yield lambda directory: f"sqlite:///{directory}/ledger.db"
        return
    from bench.postgresql import running_postgresql

    with running_postgresql() as cluster:
        url = cluster.database()
        yield lambda _: cluster.emptied(url)


if __name__ == "__main__":
    sys.exit(main())
