"""Runs one job's processes to their end, within its wall time, and measures what they used.

Memory and CPU come from the kernel's rusage: the peak is that of the largest single process, never below what a bare
Python takes. The memory request is not enforced. Standard library only.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ink_core.compute.local.schema import LocalJob
from ink_core.compute.processes import adopt_orphans, descendants, identity, signal_tree

GRACE_S = 5.0
AWAITED = {signal.SIGTERM, signal.SIGCHLD}


@dataclass(frozen=True)
class Outcome:
    """`exit_code` is negative for a signal and None when nothing ran."""

    state: str
    reason: str | None = None
    reason_code: str | None = None
    exit_code: int | None = None
    memory_peak_mb: int | None = None
    cpu_used_s: float | None = None


def execute(job: LocalJob, started: Callable[[str | None], None]) -> Outcome:
    """Blocks until the job has ended. The caller has blocked the `AWAITED` signals; SIGTERM ends the job early."""
    adopt_orphans()
    try:
        child = _start(job)
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        return Outcome("HOLDING", f"the job could not be started: {error.strerror}{where}", "start_failed")
    started(identity(child.pid))
    return _Watch(child, job.wall_time_s).until_ended()


def _start(job: LocalJob) -> subprocess.Popen[bytes]:
    directory = Path(job.working_directory)
    with (directory / job.stdout).open("wb") as stdout, (directory / job.stderr).open("wb") as stderr:
        return subprocess.Popen(
            job.argv,
            cwd=directory,
            env={**job.environment, **_told(job)},
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
            preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_SETMASK, ()),
        )


def _told(job: LocalJob) -> dict[str, str]:
    """What a job is told of itself, and JobLens with it."""
    return {
        "INK_JOB_ID": job.job_id,
        "INK_JOB_NAME": job.name,
        "INK_JOB_CPUS": str(job.cpus),
        "INK_JOB_MEMORY_MB": str(job.memory_mb),
    }


class _Watch:
    """Waits for the child by signals and deadlines: wall time first, then the grace between SIGTERM and SIGKILL."""

    def __init__(self, child: subprocess.Popen[bytes], wall_time_s: int | None) -> None:
        self._child = child
        self._wall_time_s = wall_time_s
        self._timed_out = False
        self._ending = False
        self._deadline = None if wall_time_s is None else time.monotonic() + wall_time_s
        self._peak_kb = 0
        self._cpu_s = 0.0

    def until_ended(self) -> Outcome:
        while (status := self._reap()) is None:
            self._on(self._next_signal())
        signal_tree(descendants([os.getpid()]), signal.SIGKILL)
        return self._outcome(os.waitstatus_to_exitcode(status))

    def _next_signal(self) -> int | None:
        """The next signal, or None when the deadline has come."""
        if self._deadline is None:
            return signal.sigwaitinfo(AWAITED).si_signo
        info = signal.sigtimedwait(AWAITED, max(0.0, self._deadline - time.monotonic()))
        return None if info is None else info.si_signo

    def _on(self, number: int | None) -> None:
        if number is None and self._ending:
            signal_tree(descendants([os.getpid()]), signal.SIGKILL)
            self._deadline = None
        elif number is None or number == signal.SIGTERM:
            self._timed_out = self._timed_out or (number is None)
            self._ending = True
            self._deadline = time.monotonic() + GRACE_S
            signal_tree(descendants([os.getpid()]), signal.SIGTERM)

    def _reap(self) -> int | None:
        """Takes every ended process; the wait status of the job's first one when it is among them."""
        with contextlib.suppress(ChildProcessError):
            while (ended := os.wait4(-1, os.WNOHANG))[0] != 0:
                pid, status, usage = ended
                self._peak_kb = max(self._peak_kb, usage.ru_maxrss)
                self._cpu_s += usage.ru_utime + usage.ru_stime
                if pid == self._child.pid:
                    self._child.returncode = os.waitstatus_to_exitcode(status)
                    return status
        return None

    def _outcome(self, exit_code: int) -> Outcome:
        state, reason, code = "COMPLETED", None, None
        if self._timed_out:
            state, reason, code = "TIMEOUT", f"the job reached its wall time of {self._wall_time_s} s", "wall_time"
        elif exit_code < 0:
            state, reason, code = "FAILED", f"the job was ended by {_signal_name(-exit_code)}", "signal"
        elif exit_code > 0:
            state, reason, code = "FAILED", f"the job's program ended with exit code {exit_code}", "exit_code"
        return Outcome(state, reason, code, exit_code, -(-self._peak_kb // 1024), round(self._cpu_s, 3))


def _signal_name(number: int) -> str:
    try:
        return f"signal {number} ({signal.Signals(number).name})"
    except ValueError:
        return f"signal {number}"
