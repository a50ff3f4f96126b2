"""Peers: the same samples and files as plain rows, in SQLite and in DuckDB, durable after each interval.

Run as a program with `duckdb`, a folder and a file of rows: DuckDB is in an interpreter of its own.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

COLUMNS = 23
ASKED = 200
_SAMPLES = "job VARCHAR, host VARCHAR, time DOUBLE, " + ", ".join(f"c{number} BIGINT" for number in range(20))
_FILES = "job VARCHAR, host VARCHAR, time DOUBLE, path VARCHAR, rb BIGINT, ro BIGINT, wb BIGINT, wo BIGINT"
_SUMMARY = (
    "SELECT count(*), min(time), max(time), max(c15), avg(c15), max(c0), max(c1), max(c2) FROM samples WHERE job = ?"
)
Rows = list[list[Any]]


def sqlite_rows(folder: Path, told: list[list[Rows]]) -> dict[str, float]:
    path = folder / "rows.sqlite"
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", f"CREATE TABLE samples ({_SAMPLES})",
                      f"CREATE TABLE files ({_FILES})", "CREATE INDEX of_job ON samples (job, time)"):  # fmt: skip
        connection.execute(statement)
    marks = [", ".join("?" * count) for count in (COLUMNS, 8)]

    def write(samples: Rows, files: Rows) -> None:
        connection.execute("BEGIN")
        connection.executemany(f"INSERT INTO samples VALUES ({marks[0]})", samples)
        connection.executemany(f"INSERT INTO files VALUES ({marks[1]})", files)
        connection.execute("COMMIT")

    figures = _measured(told, write, lambda job: connection.execute(_SUMMARY, (job,)).fetchall())
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return figures | {"bytes": path.stat().st_size}


def duckdb_rows(folder: Path, told: list[list[Rows]]) -> dict[str, float]:
    import duckdb  # pyright: ignore[reportMissingImports]

    path = folder / "rows.duckdb"
    connection: Any = duckdb.connect(str(path))  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    connection.execute(f"CREATE TABLE samples ({_SAMPLES})")
    connection.execute(f"CREATE TABLE files ({_FILES})")

    def write(samples: Rows, files: Rows) -> None:
        connection.execute("BEGIN")
        for table, rows in (("samples", samples), ("files", files)):
            if rows:
                row = "(" + ", ".join("?" * len(rows[0])) + ")"
                values = [value for each in rows for value in each]
                connection.execute(f"INSERT INTO {table} VALUES {', '.join([row] * len(rows))}", values)
        connection.execute("COMMIT")

    figures = _measured(told, write, lambda job: connection.execute(_SUMMARY, (job,)).fetchall())
    connection.execute("CHECKPOINT")
    connection.close()
    return figures | {"bytes": path.stat().st_size}


def _measured(
    told: list[list[Rows]], write: Callable[[Rows, Rows], None], summary: Callable[[str], object]
) -> dict[str, float]:
    began = time.perf_counter()
    for samples, files in told:
        write(samples, files)
    took = time.perf_counter() - began
    jobs = sorted({row[0] for row in told[0][0]})
    asked: list[float] = []
    for number in range(min(ASKED, 5 * len(jobs))):
        before = time.perf_counter()
        summary(jobs[number % len(jobs)])
        asked.append((time.perf_counter() - before) * 1000)
    rows = sum(len(samples) + len(files) for samples, files in told)
    return {"ingest_rows_s": rows / took, "summary_p95_ms": statistics.quantiles(asked, n=20)[-1]}


if __name__ == "__main__":
    kind, folder, rows = sys.argv[1:]
    given = json.loads(Path(rows).read_text("utf-8"))
    print(json.dumps({"duckdb": duckdb_rows}[kind](Path(folder), given)))
