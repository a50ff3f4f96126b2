"""`make bench NAME=tracestore`: bytes for an hour of a job, rows taken a second, and how soon a summary is there.

200 jobs on 4 hosts for an hour, sampled every 10 s, each host's batch written by itself and durable on return; then the
embedded store alone at 1 s. Peers, in the same run: plain rows in SQLite with an index by job, and in DuckDB, whose
summaries lack percentiles and rates. The last line is one JSON object. ARGS=--short is a tenth of it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.locked_environment import LockedEnvironment
from bench.machine import machine
from bench.opensearch.server import running_opensearch, why_no_opensearch
from bench.tracestore import peers, stores
from bench.tracestore.workload import batches
from joblens.records import Batch

HOSTS = 4
JOBS_PER_HOST = 50
PEERS = LockedEnvironment("tracestore")


def main() -> None:
    jobs = JOBS_PER_HOST // 10 if "--short" in sys.argv else JOBS_PER_HOST
    told = list(batches(hosts=HOSTS, jobs=jobs, seconds=3600, interval=10))
    hours = float(HOSTS * jobs)
    figures: dict[str, Any] = {"bench": "tracestore", "jobs": HOSTS * jobs, "interval_s": 10}
    with tempfile.TemporaryDirectory(prefix="ink-bench-", dir=os.environ.get("INK_BENCH_DIR")) as made:
        folder = Path(made)
        figures["embedded"] = stores.embedded(folder, told, hours)
        figures["embedded_1s"] = _at_1s(folder / "1s", jobs)
        figures["opensearch"] = _opensearch(told, hours)
        figures["sqlite_rows"] = _per_hour(peers.sqlite_rows(folder, _rows(told)), hours)
        figures["duckdb_rows"] = _duckdb(folder, told, hours)
    figures["target"] = {"bytes_per_job_hour": 20_000, "why": "a million jobs of an hour a day in 20 GB"}
    figures["machine"] = machine()
    print(json.dumps(_rounded(figures)))


def _at_1s(folder: Path, jobs: int) -> dict[str, float]:
    folder.mkdir()
    told = list(batches(hosts=1, jobs=jobs, seconds=1800, interval=1))
    return stores.embedded(folder, told, jobs / 2)


def _opensearch(told: Sequence[list[Batch]], hours: float) -> dict[str, float] | str:
    if reason := why_no_opensearch():
        return reason
    with running_opensearch() as server:
        return stores.opensearch(server, told, hours)


def _duckdb(folder: Path, told: Sequence[list[Batch]], hours: float) -> dict[str, float]:
    rows = folder / "rows.json"
    rows.write_text(json.dumps(_rows(told)), "utf-8")
    argv = [PEERS.install(), peers.__file__, "duckdb", folder, rows]
    return _per_hour(json.loads(subprocess.run(argv, stdout=subprocess.PIPE, check=True, timeout=900).stdout), hours)


def _rows(told: Sequence[list[Batch]]) -> list[list[peers.Rows]]:
    """Of each interval, the samples and the files of all hosts."""
    return [
        [
            [[row.key.job, batch.host, *row[1:-1]] for batch in each for row in batch.samples],
            [[row.key.job, batch.host, row.time, row.path, *row[6:]] for batch in each for row in batch.files],
        ]
        for each in told
    ]


def _per_hour(figures: dict[str, float], hours: float) -> dict[str, float]:
    return {name: value for name, value in figures.items() if name != "bytes"} | {
        "bytes_per_job_hour": figures["bytes"] / hours
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}  # pyright: ignore[reportUnknownVariableType]
    return round(value, 2) if isinstance(value, float) else value


if __name__ == "__main__":
    main()
