"""`make bench NAME=ledger`: appends with fsync under load, recovery and verification, beside plain SQLite.

Load: 64 sessions append records of a tool call at once, each waiting for its own to be durable, as sessions do. Peers,
in the same run and on the same disk: bare SQLite in WAL mode with `synchronous=FULL` and no hash chain, once with a
transaction (one fsync) for each record, once with one for each group of 64, without an event loop around it.

Recovery: reading all events back and folding them into the gate's book. The last line is one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from audit.ledger import Record
from audit.sqlite import SqliteLedger
from audit.verify import verify
from bench.machine import machine
from manager.gate.book import CallBook

SESSIONS = 64
CALLS = 40
ROUNDS = 5
ROW = "INSERT INTO events (chain, kind, body) VALUES (?, ?, ?)"


def main() -> None:
    rounds: list[dict[str, float]] = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory(prefix="ink-bench-", dir=os.environ.get("INK_BENCH_DIR")) as folder:
            rounds.append(asyncio.run(one_round(Path(folder))))
    figures: dict[str, Any] = {"bench": "ledger"}
    figures |= {name: round(statistics.median(each[name] for each in rounds), 4) for name in rounds[0]}
    figures["events"] = SESSIONS * CALLS * 3
    figures["target"] = {"append_ms": 0.17, "recovery_ms_per_1000": 57}
    figures["machine"] = machine()
    print(json.dumps(figures))


async def one_round(folder: Path) -> dict[str, float]:
    per_call = [_records("session:0", number) for number in range(CALLS)]
    each = [record for records in per_call for record in records]
    ours = await _append(folder / "ours")
    single = _peer(folder / "single", each, 1)
    grouped = _peer(folder / "grouped", each * 8, SESSIONS)
    recovered = await _recover(folder / "ours")
    began = time.perf_counter()
    report = await asyncio.to_thread(verify, folder / "ours")
    verified = time.perf_counter() - began
    assert report.ok and report.events == SESSIONS * CALLS * 3, report.problems
    return {
        "append_ms": ours * 1000,
        "plain_sqlite_append_ms": single * 1000,
        "plain_sqlite_grouped_ms": grouped * 1000,
        "recovery_ms_per_1000": recovered * 1e6,
        "verify_ms_per_1000": verified / report.events * 1e6,
    }


def _records(chain: str, number: int) -> tuple[Record, Record, Record]:
    """What the gate writes of one call that lists five jobs."""
    call_id = f"{chain}.{number}"
    call: dict[str, JsonValue] = {"call_id": call_id, "arguments": {"limit": 5}, "worker_id": None}
    authority: JsonValue = {"is_admin": False, "scopes": ["jobs:read"], "credential": "session:1"}
    origin: JsonValue = {"origin": "model", "risk": "read", "model_call_id": "m1", "principal": "alice"}
    jobs: JsonValue = [{"job_id": f"{number}.{n}", "state": "RUNNING", "command": "python run.py"} for n in range(5)]
    label: JsonValue = {"confidentiality": "user", "integrity": "trusted"}
    ended: dict[str, JsonValue] = {"status": "done", "result": {"jobs": jobs}, "error": None, "duration_ms": 7}
    return (
        Record("call.proposed", {**call, "tool": "list_jobs", "authority": authority, **origin}),
        Record("call.intent", {**call, "operation_id": f"op-{number:024}", "acting_as": "alice", "approval_id": None}),
        Record("call.outcome", {"call_id": call_id, **ended, "label": label}),
    )


async def _append(path: Path) -> float:
    """Seconds an append, each of one record."""
    ledger = SqliteLedger(path)

    async def session(number: int) -> None:
        chain = f"session:{number}"
        for call in range(CALLS):
            for record in _records(chain, call):
                await ledger.append(chain, record)

    began = time.perf_counter()
    await asyncio.gather(*(session(number) for number in range(SESSIONS)))
    took = time.perf_counter() - began
    await ledger.close()
    return took / (SESSIONS * CALLS * 3)


def _peer(path: Path, records: Sequence[Record], group: int) -> float:
    """Seconds a record for bare SQLite, `group` of them a transaction."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE events (position INTEGER PRIMARY KEY, chain TEXT, kind TEXT, body TEXT)")
        began = time.perf_counter()
        for start in range(0, len(records), group):
            rows = [("session:0", each.kind, json.dumps(each.body)) for each in records[start : start + group]]
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(ROW, rows)
            connection.execute("COMMIT")
        return (time.perf_counter() - began) / len(records)


async def _recover(path: Path) -> float:
    """Seconds an event: read, and fold into the book."""
    ledger = SqliteLedger(path)
    book, events = CallBook(), 0
    began = time.perf_counter()
    for chain in await ledger.chains():
        read = await ledger.read(chain)
        book.fold(read)
        events += len(read)
    took = time.perf_counter() - began
    await ledger.close()
    return took / events


if __name__ == "__main__":
    main()
