"""What goes into the engine and what comes out of it. Times are seconds since the epoch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from joblens.records import FileSample, JobInfo, JobKey


class Measured(NamedTuple):
    """The figures of one job on one host at one moment; a figure that was not measured is not in `values`."""

    key: JobKey
    host: str
    time: float
    values: Mapping[str, float]
    ended: bool


class Tick(NamedTuple):
    """Time passes also where nothing is measured."""

    time: float


Event = JobInfo | FileSample | Measured | Tick


@dataclass(frozen=True, slots=True)
class Fired:
    """Why: the rule, the job, and the figures that its conditions looked at."""

    rule: str
    key: JobKey
    host: str  # one on which it runs
    heard: float  # when it was last measured
    time: float
    text: str
    evidence: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class StartCapture:
    fired: Fired
    duration_s: float
    interval_s: float
    details: tuple[str, ...]
    dry: bool


@dataclass(frozen=True, slots=True)
class Warn:
    fired: Fired
    number: int  # the first is 1
    dry: bool


@dataclass(frozen=True, slots=True)
class Act:
    """To be called through the gate."""

    fired: Fired
    tool: str
    warnings: int  # given before
    dry: bool


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A capture or an action that the budget has no room for."""

    fired: Fired
    what: str
    why: str


Instruction = StartCapture | Warn | Act | LeftOut
