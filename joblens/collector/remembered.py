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
from typing import Any, NamedTuple

from joblens.collector.jobs import Remembered
from joblens.records import FileSample, JobInfo, JobKey, JobSample, Traffic

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_FORM = 2
_info_fields = attrgetter(*(each.name for each in fields(JobInfo)))


@dataclass(frozen=True)
class Memory:
    time: float = 0.0
    jobs: list[Remembered] = field(default_factory=list[Remembered])


class _Encoded(NamedTuple):
    """What changes seldom of a job: it is made once."""

    job: Remembered
    text: str


class MemoryFile:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._encoded: dict[JobKey, _Encoded] = {}

    def save(self, jobs: list[Remembered], now: float) -> None:
        """Raises `OSError`."""
        self._encoded = {job.info.key: self._encode(job) for job in jobs}
        head = _dumps({"form": _FORM, "boot": _boot_id(), "time": now, "last": [job.last for job in jobs]})
        names = ",".join(each.text for each in self._encoded.values())
        new = self._path.with_suffix(".new")
        with open(new, "w", encoding="ascii", opener=_private) as file:
            file.write(f'{head[:-1]},"jobs":[{names}]}}')
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)

    def load(self) -> Memory:
        """Nothing, where there is no such file, or it is of another boot or form: then all jobs are new to us."""
        try:
            document = json.loads(self._path.read_bytes())
            if document["form"] != _FORM or document["boot"] != _boot_id():
                return Memory()
            jobs = [_remembered(*job) for job in zip(document["jobs"], document["last"], strict=True)]
            return Memory(float(document["time"]), jobs)
        except FileNotFoundError:
            return Memory()
        except (ValueError, KeyError, TypeError):
            self._path.replace(self._path.with_suffix(".damaged"))
            return Memory()

    def _encode(self, job: Remembered) -> _Encoded:
        known = self._encoded.get(job.info.key)
        if known and known.job.info is job.info and known.job.files is job.files:
            return known
        return _Encoded(job, _dumps([_info_fields(job.info), job.files]))


def _dumps(document: Any) -> str:
    return json.dumps(document, separators=(",", ":"))  # much faster than `json.dump`


def _boot_id() -> str:
    return BOOT_ID.read_text().strip()


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def _remembered(names: list[Any], last: list[Any]) -> Remembered:
    info, files = names
    key = JobKey(*info[0])
    return Remembered(
        JobInfo(key, *info[1:]),
        JobSample(key, *last[1:]),
        [FileSample._make([key, *file[1:5], Traffic(file[5]), *file[6:]]) for file in files],
    )
