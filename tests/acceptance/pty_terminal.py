"""A program in a real terminal: what it shows is read, what a person types is written, Ctrl-C is a key."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

CTRL_C, CTRL_D = "\x03", "\x04"
_DRAWING = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[@-_])|\r")


class Terminal:
    """`shown` is all that was shown so far, without the codes that draw."""

    def __init__(self, master: int, process: subprocess.Popen[bytes]) -> None:
        self._master = master
        self._process = process
        self._raw = b""
        self._read = 0

    @property
    def raw(self) -> bytes:
        return self._raw

    @property
    def shown(self) -> str:
        return _DRAWING.sub("", self._raw.decode(errors="replace"))

    def type(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def say(self, line: str) -> None:
        self.type(f"{line}\n")

    def until(self, words: str, timeout_s: float = 120) -> str:
        """What was shown since the last time, up to and with these words; what comes after them is for the next."""
        deadline = time.monotonic() + timeout_s
        while (at := self.shown.find(words, self._read)) < 0:
            left = deadline - time.monotonic()
            if left <= 0 or not self._more(left):
                raise AssertionError(f"{words!r} was not shown, but:\n{self.shown[self._read :]}")
        new, self._read = self.shown[self._read : at + len(words)], at + len(words)
        return new

    def ended(self, timeout_s: float = 120) -> int:
        """Its exit code."""
        deadline = time.monotonic() + timeout_s
        while self._more(max(0.0, deadline - time.monotonic())):
            pass
        return self._process.wait(max(1.0, deadline - time.monotonic()))

    def _more(self, timeout_s: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], timeout_s)
        if not ready:
            return False
        try:
            piece = os.read(self._master, 65536)
        except OSError:  # Linux says so when the other end is closed
            return False
        self._raw += piece
        return bool(piece)


@contextmanager
def in_terminal(argv: Sequence[str | Path], environment: Mapping[str, str]) -> Iterator[Terminal]:
    """80 columns are few; this one is wide, so that words stand in one line."""
    master, slave = pty.openpty()
    whole = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "300", "LINES": "100", **environment}
    process = subprocess.Popen(argv, stdin=slave, stdout=slave, stderr=slave, env=whole, start_new_session=True,
                               preexec_fn=_own_terminal)  # fmt: skip
    os.close(slave)
    try:
        yield Terminal(master, process)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(60)
        os.close(master)


def _own_terminal() -> None:
    """Ctrl-C is a signal only for who has the terminal as its own."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
