"""The timers on the threads of captured jobs, and what they wrote down, by name. A look at a job empties its timers."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice, takewhile
from typing import NamedTuple

from joblens.stacks.names import UNKNOWN, Names
from joblens.stacks.timer import MOST_FRAMES, Chain, ThreadTimer

MOST_THREADS = 64
"""Of a job."""
PER_S = 19  # of a thread that runs; odd, so that nothing else keeps the same step
PER_LOOK = 50  # room for more there is not
MOST_TEXT = 2_000_000
"""Characters of one look, those seen most first."""
NAMING_S, NAMING_SHARE = 1.0, 0.1
"""Of one look, and of all time: a job has as many files to be looked into as it likes, and others wait meanwhile."""


class Stack(NamedTuple):
    """`frames` are calls, the outermost first; `cpu_ns` is the CPU time that its samples stand for."""

    pid: int
    name: str
    frames: tuple[str, ...]
    samples: int
    cpu_ns: int


class _Timed(NamedTuple):
    pid: int
    timer: ThreadTimer


class StackSampler:
    def __init__(self) -> None:
        self._jobs: dict[str, dict[int, _Timed]] = {}
        self._names = Names()
        self._rests_until: dict[str, float] = {}

    def look(self, job: str, pids: Sequence[int], every_s: float) -> list[Stack]:
        """What was written down of a job since the last look at it; the first one sets its timers. Raises `OSError`
        where the kernel allows none."""
        period_ns = round(max(1 / PER_S, every_s / PER_LOOK) * 1e9)
        timed = self._jobs.setdefault(job, {})
        seen = Counter((pid, calls) for pid, timer in timed.values() for calls in timer.take() if calls)
        self._follow(timed, pids, period_ns)
        begun = time.monotonic()
        until = begun + NAMING_S if begun >= self._rests_until.get(job, begun) else begun
        stacks = sorted(self._named(seen, period_ns, until), key=lambda each: each.samples, reverse=True)
        if until > begun:
            self._rests_until[job] = begun + (time.monotonic() - begun) / NAMING_SHARE
        return list(_within_text(stacks))

    def keep(self, jobs: Collection[str]) -> None:
        """Ends the timers of all others."""
        for job in self._jobs.keys() - set(jobs):
            self._rests_until.pop(job, None)
            for each in self._jobs.pop(job).values():
                each.timer.close()

    def _named(self, seen: Counter[tuple[int, Chain]], period_ns: int, until: float) -> Iterator[Stack]:
        found: Counter[tuple[int, tuple[str, ...]]] = Counter()
        for pid in {pid for pid, _ in seen}:
            chains = [calls for other, calls in seen if other == pid]
            names = self._names.of(pid, set(chain.from_iterable(chains)), until)
            for calls in chains:
                found[pid, frames_of([names[address] for address in calls[:MOST_FRAMES]])] += seen[pid, calls]
        for (pid, frames), samples in found.items():
            yield Stack(pid, _name(pid), frames, samples, samples * period_ns)

    def _follow(self, timed: dict[int, _Timed], pids: Sequence[int], period_ns: int) -> None:
        """A timer on each thread that runs now."""
        threads = dict(islice(_threads(pids), MOST_THREADS))
        for thread in timed.keys() - threads.keys():
            timed.pop(thread).timer.close()
        for thread, pid in threads.items():
            if thread not in timed:
                with suppress(ProcessLookupError):
                    timed[thread] = _Timed(pid, ThreadTimer(thread, period_ns))


def frames_of(names: Sequence[str]) -> tuple[str, ...]:
    """The outermost first. An address that no file has is a caller that frame pointers led astray to, and so are those
    beyond it."""
    callers = takewhile(lambda name: name != UNKNOWN, names[1:])
    return (*reversed([*callers]), names[0])


def _within_text(stacks: Sequence[Stack]) -> Iterator[Stack]:
    left = MOST_TEXT
    for stack in stacks:
        left -= sum(map(len, stack.frames))
        if left < 0:
            return
        yield stack


def _threads(pids: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Each thread and its process."""
    for pid in pids:
        with suppress(OSError):
            yield from ((int(thread), pid) for thread in os.listdir(f"/proc/{pid}/task"))


def _name(pid: int) -> str:
    with suppress(OSError), open(f"/proc/{pid}/comm", encoding="utf-8", errors="surrogateescape") as file:
        return file.read().rstrip("\n")
    return ""
