"""A process of its own for what may hang or take much memory: it answers one line for each line that it is asked.

One that ends or does not answer in time is ended, and begun again after `RETRY_S`.
"""

from __future__ import annotations

import os
import select
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

DEADLINE_S = 5.0
RETRY_S = 60.0
_END_S = 5.0


class AskedProcess:
    def __init__(
        self,
        command: Sequence[str],
        *,
        deadline_s: float = DEADLINE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._command = list(command)
        self._deadline_s = deadline_s
        self._clock = clock
        self._child: subprocess.Popen[bytes] | None = None
        self._not_before = 0.0

    @property
    def pid(self) -> int | None:
        """While it runs: for the figures of what the collector itself costs."""
        return self._child.pid if self._child else None

    def ask(self, line: bytes) -> bytes:
        """Its answer. Raises `OSError` where it ended or is silent for too long, and until it is begun again."""
        if self._child is None and self._clock() < self._not_before:
            raise BrokenPipeError("it has failed, and is not begun again yet")
        try:
            return self._answer(line)
        except OSError:
            self.give_up()
            raise

    def give_up(self) -> None:
        """For a while: what it answers makes no sense."""
        self.close()
        self._not_before = self._clock() + RETRY_S

    def close(self) -> None:
        if child := self._child:
            self._child = None
            child.kill()
            with suppress(subprocess.TimeoutExpired):  # a file system that does not answer holds even a killed one
                child.communicate(timeout=_END_S)

    def _answer(self, line: bytes) -> bytes:
        self._child = child = self._child or self._started()
        assert child.stdin is not None and child.stdout is not None
        child.stdin.write(line + b"\n")
        answer, ends = b"", time.monotonic() + self._deadline_s
        while not answer.endswith(b"\n"):
            if not select.select([child.stdout], [], [], max(0.0, ends - time.monotonic()))[0]:
                raise TimeoutError("it does not answer")
            piece = os.read(child.stdout.fileno(), 65_536)
            if not piece:
                raise BrokenPipeError("it has ended")
            answer += piece
        return answer

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
