"""The collector's reader of cards: NVIDIA's library takes tens of megabytes and may hang with its driver, so that it
lives in a process of its own (`python -m joblens.gpu`)."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from joblens.asked_process import DEADLINE_S, AskedProcess
from joblens.gpu.reader import CardReading, GpuProcess

COMMAND = (sys.executable, "-I", "-m", "joblens.gpu")


class GpuChild:
    """A `GpuReader`."""

    def __init__(
        self,
        command: Sequence[str] = COMMAND,
        *,
        deadline_s: float = DEADLINE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._process = AskedProcess(command, deadline_s=deadline_s, clock=clock)

    @property
    def pid(self) -> int | None:
        return self._process.pid

    def read(self) -> list[CardReading]:
        try:
            return [_reading(each) for each in json.loads(self._process.ask(b""))]
        except OSError:
            return []
        except ValueError:
            self._process.give_up()
            return []

    def close(self) -> None:
        self._process.close()


def _reading(fields: dict[str, Any]) -> CardReading:
    processes = tuple(GpuProcess(*each) for each in fields.pop("processes"))
    return CardReading(**fields, processes=processes)
