"""Asks Slurm which array a job is a task of: its environment says so too, but any user may write that there.

One question at a time, for all jobs that wait, in a child process that the loop does not wait for. Where Slurm cannot
be asked, jobs keep their own numbers after some tries.
"""

from __future__ import annotations

import logging
import os
import subprocess
from collections.abc import Collection, Mapping, Sequence
from typing import IO

_log = logging.getLogger(__name__)
_DEADLINE_S = 10.0
_BETWEEN_S = 1.0
_TRIES = 3
_MOST_AT_ONCE = 500


class ArrayLookup:
    """`command` is `squeue`, found by its own path or through PATH."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = [*command, "--noheader", "--states=all", "--format=%A %F %K"]
        self._child: subprocess.Popen[bytes] | None = None
        self._said: IO[bytes] | None = None
        self._about: list[str] = []
        self._tries: dict[str, int] = {}
        self._since = 0.0
        self._not_before = 0.0
        self._complaint = ""

    def ask(self, jobs: Collection[str], now: float) -> dict[str, str]:
        """Call again and again: the answers that have come, each once; begins the next question."""
        if self._child:
            return self._answers(now)
        if not jobs or now < self._not_before:
            return {}
        self._about, self._since, self._not_before = list(jobs)[:_MOST_AT_ONCE], now, now + _BETWEEN_S
        try:
            self._begin()
        except OSError as error:
            self._complain(str(error))
            self._forget()
            return self._given_up({})
        return {}

    def close(self) -> None:
        if self._child:
            self._child.kill()
            self._child.wait()
            self._forget()

    def _begin(self) -> None:
        self._said = os.fdopen(os.memfd_create("squeue"), "w+b")
        argv = [*self._command, f"--jobs={','.join(self._about)}"]
        self._child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=self._said, stderr=subprocess.DEVNULL)

    def _answers(self, now: float) -> dict[str, str]:
        assert self._child and self._said
        if self._child.poll() is None:
            if now - self._since < _DEADLINE_S:
                return {}
            self._child.kill()
            self._child.wait()
        self._said.seek(0)
        told = _parse(self._said.read(1 << 20).decode("ascii", "replace"))
        answers = {job: told[job] for job in self._about if job in told}
        self._forget()
        return answers | self._given_up(told)

    def _given_up(self, told: Mapping[str, str]) -> dict[str, str]:
        """Jobs that Slurm has said nothing about too often."""
        for job in self._about:
            tries = 0 if job in told else self._tries.pop(job, 0) + 1
            if tries:
                self._tries[job] = tries
        given_up = [job for job in self._about if self._tries.get(job, 0) >= _TRIES]
        for job in given_up:
            del self._tries[job]
        return {job: job for job in given_up}

    def _complain(self, reason: str) -> None:
        """Once, and again when it is another reason: a node without `squeue` has none at each question."""
        if reason != self._complaint:
            _log.warning("Slurm cannot be asked about arrays (setting squeue): %s", reason)
            self._complaint = reason

    def _forget(self) -> None:
        if self._said:
            self._said.close()
        self._child = self._said = None


def _parse(text: str) -> dict[str, str]:
    """`72 70 3` is task 3 of array 70; a job that is in none has `N/A` for its task."""
    rows = (line.split() for line in text.splitlines())
    return {row[0]: f"{row[1]}_{row[2]}" if row[2].isdecimal() else row[0] for row in rows if len(row) == 3}
