"""From a host's tail to what lasts: blocks, summaries, the latest figures of files, marks. Then the tail is empty."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from joblens.records import FileSample, JobKey, Mark
from joblens.store.blocks import pack_block
from joblens.store.embedded.file import inserted, path_bytes
from joblens.store.files import latest
from joblens.store.fold_codec import pack_fold, unpack_fold
from joblens.store.folding import HostFold
from joblens.store.grouping import Rows, by_job, extend
from joblens.store.raw import RAW_TABLES
from joblens.store.texts import stored
from joblens.store.wire import TABLES, decode

KINDS = {table: number for number, table in enumerate(TABLES)}

_TAIL = "SELECT batch FROM tail WHERE host_id = ? ORDER BY sequence"
_JOB = "SELECT id FROM job WHERE cluster = ? AND job = ?"
_FOLD = "SELECT fold FROM job_host WHERE job_id = ? AND host_id = ?"
_KEEP = "UPDATE job_host SET fold = ?, seen = ?, ended = ? WHERE job_id = ? AND host_id = ?"
_SEEN = "UPDATE job SET last_seen = max(last_seen, ?) WHERE id = ?"
_BLOCK = "INSERT INTO block (job_id, host_id, kind, first, last, rows, data) VALUES (?, ?, ?, ?, ?, ?, ?)"
_PATH = "SELECT id FROM path WHERE path = ? AND mount = ? AND fs_type = ? AND traffic = ?"
_NEW_PATH = "INSERT INTO path (path, mount, fs_type, traffic) VALUES (?, ?, ?, ?)"
_FILE = (
    "INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET time = excluded.time, "
    "read_bytes = excluded.read_bytes, read_ops = excluded.read_ops, write_bytes = excluded.write_bytes, "
    "write_ops = excluded.write_ops WHERE excluded.time >= file.time"
)


def fold_tail(connection: sqlite3.Connection, host_id: int, host: str) -> None:
    """Inside a transaction."""
    jobs: dict[JobKey, Rows] = {}
    for (encoded,) in connection.execute(_TAIL, (host_id,)):
        for key, rows in by_job(decode(encoded)).items():
            extend(jobs.setdefault(key, {}), rows)
    for key, rows in jobs.items():
        found = connection.execute(_JOB, (stored(key.cluster), stored(key.job))).fetchone()
        if found is not None:  # else it was removed while the tail held rows of it
            _fold_job(connection, (found[0], host_id), HostFold(host), key, rows)
    connection.execute("DELETE FROM tail WHERE host_id = ?", (host_id,))


def _fold_job(connection: sqlite3.Connection, place: tuple[int, int], new: HostFold, key: JobKey, rows: Rows) -> None:
    row = connection.execute(_FOLD, place).fetchone()
    fold = unpack_fold(key, new.host, row[0]) if row and row[0] else new
    fold.add(rows)
    seen = fold.last.time if fold.last else None
    connection.execute(_KEEP, (pack_fold(fold), seen, fold.ended, *place))
    if seen:
        connection.execute(_SEEN, (seen, place[0]))
    for table in RAW_TABLES:
        if table in rows:
            _write_block(connection, place, table, rows[table])
    _write_files(connection, place, rows.get("files", ()))
    _write_marks(connection, place[0], rows.get("marks", ()))


def _write_block(connection: sqlite3.Connection, place: tuple[int, int], table: str, rows: Sequence[Any]) -> None:
    times = [row.time for row in rows]
    data = pack_block(TABLES[table], rows)
    connection.execute(_BLOCK, (*place, KINDS[table], min(times), max(times), len(rows), data))


def _write_files(connection: sqlite3.Connection, place: tuple[int, int], samples: Iterable[FileSample]) -> None:
    job_id, host_id = place
    for each in latest(samples).values():
        figures = (each.time, each.read_bytes, each.read_ops, each.write_bytes, each.write_ops)
        connection.execute(_FILE, (job_id, path_of(connection, each), host_id, *figures))


def path_of(connection: sqlite3.Connection, file: FileSample) -> int:
    """The number of a path, made when it is new: the files that many jobs read are named once."""
    names = (path_bytes(file.path), path_bytes(file.mount), stored(file.fs_type), file.traffic.value)
    row = connection.execute(_PATH, names).fetchone()
    return row[0] if row else inserted(connection.execute(_NEW_PATH, names))


def _write_marks(connection: sqlite3.Connection, job_id: int, marks: Iterable[Mark]) -> None:
    rows = [(job_id, mark.time, mark.kind.value, stored(mark.text)) for mark in marks]
    connection.executemany("INSERT INTO mark VALUES (?, ?, ?, ?)", rows)
