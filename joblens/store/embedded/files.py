"""The latest figures of files: the folded ones, and over them those of the tail."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from joblens.records import FileSample, JobKey, Traffic
from joblens.store.embedded.file import path_bytes, path_text
from joblens.store.embedded.reading import Reader
from joblens.store.files import Figures, hottest, latest
from joblens.store.parts import HostPart
from joblens.store.texts import stored

_OF_JOB = (
    "SELECT host_id, time, path, mount, fs_type, traffic, read_bytes, read_ops, write_bytes, write_ops "
    "FROM file JOIN path ON path.id = path_id WHERE job_id = ?"
)
_RECENT = "JOIN job ON job.id = job_id WHERE cluster = ? AND last_seen >= ? AND read_bytes > 0"
_HOTTEST = (
    f"SELECT path, count(DISTINCT job_id), total(read_bytes) FROM file JOIN path ON path.id = path_id {_RECENT} "  # noqa: S608
    "AND path <> x'' GROUP BY path ORDER BY 2 DESC, 3 DESC, 1 LIMIT ?"
)
_READERS = (
    "SELECT job, host_id, time, mount, fs_type, traffic, read_bytes, read_ops, write_bytes, write_ops "  # noqa: S608
    f"FROM path JOIN file ON path.id = path_id {_RECENT} AND path = ?"
)
_JOB_SEEN = "SELECT last_seen FROM job WHERE cluster = ? AND job = ?"

Hot = tuple[str, int, int]
_OnHost = tuple[int, JobKey, str, str, str]


def files_of(connection: sqlite3.Connection, key: JobKey, parts: Sequence[HostPart]) -> list[FileSample]:
    """`parts` has at least one."""
    found: dict[_OnHost, FileSample] = {}
    for host_id, time, path, mount, fs_type, traffic, *figures in connection.execute(_OF_JOB, (parts[0].place[0],)):
        names = (path_text(path), path_text(mount), fs_type, Traffic(traffic))
        sample = FileSample(key, time, *names, *figures)
        found[_place(host_id, sample)] = sample
    for part in parts:
        _take(found, part.place[1], part.tail.get("files", ()))
    return list(found.values())


def _take(found: dict[_OnHost, FileSample], host_id: int, samples: Iterable[FileSample]) -> None:
    """Unless what is known is of a later time."""
    for each in latest(samples).values():
        known = found.get(_place(host_id, each))
        if known is None or known.time <= each.time:
            found[_place(host_id, each)] = each


def _place(host_id: int, sample: FileSample) -> _OnHost:
    return (host_id, sample.key, sample.path, sample.mount, sample.traffic)


def hot_files(connection: sqlite3.Connection, reader: Reader, cluster: str, since: float, limit: int) -> list[Hot]:
    """From the folded figures, but for files that the tail tells more of: those are counted anew."""
    fresh = _fresh(connection, reader, cluster, since)
    touched = {sample.path for sample in fresh.values()}
    rows = connection.execute(_HOTTEST, (stored(cluster), since, limit + len(touched)))
    hot = [(path_text(path), jobs, int(read)) for path, jobs, read in rows.fetchall()]
    found = _readers(connection, cluster, since, touched)
    for place, sample in fresh.items():
        _take(found, place[0], [sample])
    figures: list[Figures] = [(place[1], sample) for place, sample in found.items()]
    anew = [each for each in hot if each[0] not in touched] + hottest(figures)
    return sorted(anew, key=lambda each: (-each[1], -each[2], each[0]))[:limit]


def _fresh(connection: sqlite3.Connection, reader: Reader, cluster: str, since: float) -> dict[_OnHost, FileSample]:
    found: dict[_OnHost, FileSample] = {}
    for (host_id,) in connection.execute("SELECT id FROM host WHERE tail_batches > 0").fetchall():
        for batch in reader.tail(host_id):
            for key, rows in batch.items():
                if key.cluster == cluster and "files" in rows and _seen(connection, key) >= since:
                    _take(found, host_id, (each for each in rows["files"] if each.path))
    return found


def _seen(connection: sqlite3.Connection, key: JobKey) -> float:
    row = connection.execute(_JOB_SEEN, (stored(key.cluster), stored(key.job))).fetchone()
    return row[0] if row else 0.0


def _readers(connection: sqlite3.Connection, cluster: str, since: float, paths: set[str]) -> dict[_OnHost, FileSample]:
    found: dict[_OnHost, FileSample] = {}
    for path in paths:
        rows = connection.execute(_READERS, (stored(cluster), since, path_bytes(path))).fetchall()
        for job, host_id, time, mount, fs_type, traffic, *figures in rows:
            names = (path, path_text(mount), fs_type, Traffic(traffic))
            sample = FileSample(JobKey(cluster, job), time, *names, *figures)
            found[_place(host_id, sample)] = sample
    return found
