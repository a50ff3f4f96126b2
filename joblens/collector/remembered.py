"""What the next run of the collector needs of the jobs that run: one file, replaced whole, of use until the next boot.

Written every few seconds, not with every batch: what a job's processes that end after the last writing have done is
counted by the kernel alone, and so not known to the next run; the gap that it marks says so.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field, fields
from operator import attrgetter
from pathlib import Path
from typing import Any

from joblens.collector.jobs import Remembered
from joblens.records import FileSample, JobInfo, JobKey, JobSample, Traffic

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_FORM = 1
_info_fields = attrgetter(*(each.name for each in fields(JobInfo)))


@dataclass(frozen=True)
class Memory:
    time: float = 0.0
    jobs: list[Remembered] = field(default_factory=list[Remembered])


def save(path: Path, jobs: list[Remembered], now: float) -> None:
    """Raises `OSError`."""
    document = {"form": _FORM, "boot": BOOT_ID.read_text().strip(), "time": now, "jobs": [_plain(job) for job in jobs]}
    new = path.with_suffix(".new")
    with open(new, "w", encoding="ascii", opener=_private) as file:
        file.write(json.dumps(document, separators=(",", ":")))  # much faster than `json.dump`
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def load(path: Path) -> Memory:
    """Nothing, where there is no such file, or it is of another boot or form: then all jobs are new to us."""
    try:
        document = json.loads(path.read_bytes())
        if document["form"] != _FORM or document["boot"] != BOOT_ID.read_text().strip():
            return Memory()
        return Memory(float(document["time"]), [_remembered(row) for row in document["jobs"]])
    except FileNotFoundError:
        return Memory()
    except (ValueError, KeyError, TypeError):
        path.replace(path.with_suffix(".damaged"))
        return Memory()


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def _plain(job: Remembered) -> list[Any]:
    return [_info_fields(job.info), job.last, job.files]


def _remembered(row: list[Any]) -> Remembered:
    info, last, files = row
    key = JobKey(*info[0])
    return Remembered(
        JobInfo(key, *info[1:]),
        JobSample(key, *last[1:]),
        [FileSample._make([key, *file[1:5], Traffic(file[5]), *file[6:]]) for file in files],
    )
