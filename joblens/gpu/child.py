"""The collector's reader of cards: NVIDIA's library takes tens of megabytes and may hang with its driver, so that it
lives in a process of its own (`python -m joblens.gpu`), which is asked and ended here."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from joblens.gpu.reader import CardReading, GpuProcess

COMMAND = (sys.executable, "-I", "-m", "joblens.gpu")
DEADLINE_S = 5.0
RETRY_S = 60.0


class GpuChild:
    """A `GpuReader`. A child that ends or does not answer in time is ended and begun again after `RETRY_S`."""

    def __init__(
        self,
        command: Sequence[str] = COMMAND,
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
        """Of the child, for the figures of what the collector itself costs."""
        return self._child.pid if self._child else None

    def read(self) -> list[CardReading]:
        if self._child is None and self._clock() < self._not_before:
            return []
        try:
            return [_reading(each) for each in json.loads(self._asked())]
        except (OSError, ValueError):
            self.close()
            self._not_before = self._clock() + RETRY_S
            return []

    def close(self) -> None:
        if child := self._child:
            self._child = None
            child.kill()
            child.communicate()

    def _asked(self) -> bytes:
        """The child's next line. Raises `OSError` where it ended or is silent for too long."""
        self._child = child = self._child or self._started()
        assert child.stdin is not None and child.stdout is not None
        child.stdin.write(b"\n")
        line, ends = b"", time.monotonic() + self._deadline_s
        while not line.endswith(b"\n"):
            if not select.select([child.stdout], [], [], max(0.0, ends - time.monotonic()))[0]:
                raise TimeoutError("the GPU driver does not answer")
            piece = os.read(child.stdout.fileno(), 65_536)
            if not piece:
                raise BrokenPipeError("the process that reads the cards has ended")
            line += piece
        return line

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )


def _reading(fields: dict[str, Any]) -> CardReading:
    processes = tuple(GpuProcess(*each) for each in fields.pop("processes"))
    return CardReading(**fields, processes=processes)
