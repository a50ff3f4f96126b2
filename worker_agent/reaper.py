"""Runs one command and sees to it that nothing of it is left: `python -I -S reaper.py CHANNEL pipe|terminal ARGV…`.

It is the child subreaper of the command, so that double-forked and re-sessioned descendants come back to it. When the
command has ended, or when the other end of CHANNEL (a socket) was closed or shut down for writing – also because the
agent was killed – it ends all that is left: SIGTERM to the command's group (a terminal hangs up: SIGHUP), a grace
period, then SIGKILL until it has no child any more. It reports `error ERRNO` (the command could not be started) or
`exit CODE` on CHANNEL.

Limits: Linux; standard library only, and no import of this package, so that it starts fast and small. A process in
uninterruptible sleep is given up after some seconds. What a command started and then kills the reaper escapes it.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress

GRACE_S = 1.0
GIVE_UP_S = 10.0
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_CHANGED = (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGPIPE, signal.SIGXFSZ)


class Reaper:
    def __init__(self, channel: int) -> None:
        self._channel = channel
        self._child = 0
        self._status: int | None = None
        self._wake, write_end = os.pipe()
        os.set_blocking(write_end, False)
        os.set_blocking(self._wake, False)
        signal.signal(signal.SIGCHLD, _woken)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # a batch system signals everybody; only the channel counts here
        signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)

    def run(self, argv: list[str], *, terminal: bool) -> None:
        prctl = ctypes.CDLL(None).prctl
        prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self._child = os.fork()
        if self._child == 0:
            prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # a command that kills its reaper ends with it
            become(argv, self._channel, terminal=terminal)
        release_standard_streams()
        while self._reap() and self._status is None and not self._wait(None):
            pass
        self._end_all(signal.SIGHUP if terminal else signal.SIGTERM)
        if self._status is not None:
            report(self._channel, f"exit {self._status}")

    def _end_all(self, politely: signal.Signals) -> None:
        if not self._reap():
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child, politely)
        started = time.monotonic()
        while self._reap() and time.monotonic() < started + GRACE_S:
            self._wait(started + GRACE_S - time.monotonic(), listen=False)
        while self._reap() and time.monotonic() < started + GIVE_UP_S:
            for child in children(os.getpid()):
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(child, signal.SIGKILL)
            self._wait(0.02, listen=False)

    def _wait(self, timeout: float | None, *, listen: bool = True) -> bool:
        """Sleep until a child ended or `timeout`; whether the channel says that it is time to end."""
        watched = [self._wake, self._channel] if listen else [self._wake]
        ready, _, _ = select.select(watched, [], [], None if timeout is None else max(timeout, 0))
        with suppress(BlockingIOError):
            os.read(self._wake, 4096)
        return self._channel in ready

    def _reap(self) -> bool:
        """Collect what has ended; whether any child is left."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            if pid == self._child:
                self._status = os.waitstatus_to_exitcode(status)


def _woken(number: int, frame: object) -> None:
    """SIGCHLD must have a handler, so that its wake-up byte is written."""


def become(argv: list[str], channel: int, *, terminal: bool) -> None:
    """In the forked child: a session of its own, then the command. Never returns."""
    try:
        for number in _CHANGED:
            signal.signal(number, signal.SIG_DFL)
        if terminal:
            os.login_tty(0)
        else:
            os.setsid()
        os.set_inheritable(channel, False)
        os.execvp(argv[0], argv)  # noqa: S606 - an argv, as the caller asked
    except OSError as error:
        report(channel, f"error {error.errno}")
    finally:
        os._exit(127)


def release_standard_streams() -> None:
    """Hold no end of the command's pipes or terminal, so that their other ends see when the command closes them."""
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)


def children(parent: int) -> Iterator[int]:
    """The processes whose parent is `parent`; field 4 of /proc/PID/stat, see proc(5)."""
    for name in os.listdir("/proc"):
        if name.isdigit():
            with suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:
                if int(file.read().rpartition(b")")[2].split()[1]) == parent:
                    yield int(name)


def report(channel: int, line: str) -> None:
    with suppress(OSError):  # the agent is gone: nobody listens
        os.write(channel, line.encode() + b"\n")


if __name__ == "__main__":
    Reaper(int(sys.argv[1])).run(sys.argv[3:], terminal=sys.argv[2] == "terminal")
