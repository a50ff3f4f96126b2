"""A recording of NVML: what each call of a driver answered, as JSON, and a player that stands in for the library.

The adapter itself runs on the player, so a trace from one machine tests it on every other. A trace maps
`function(arguments)` to the answers of that call in order: a value, a structure as an object, or `{"error": code}`.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

STRUCTURES = {
    "nvmlDeviceGetMemoryInfo": ("total", "free", "used"),
    "nvmlDeviceGetUtilizationRates": ("gpu", "memory"),
    "nvmlDeviceGetComputeRunningProcesses": ("pid", "usedGpuMemory"),
    "nvmlDeviceGetGraphicsRunningProcesses": ("pid", "usedGpuMemory"),
    "nvmlDeviceGetProcessUtilization": ("pid", "timeStamp", "smUtil", "memUtil"),
}
Trace = dict[str, list[Any]]


class RecordingNvml:
    """Stands before `pynvml` and keeps what it answers in `trace`."""

    def __init__(self, nvml: Any) -> None:
        self._nvml = nvml
        self._handles: list[int | None] = []  # addresses
        self.trace: Trace = {}

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._nvml, name)
        return self._recorded(name, found) if name.startswith("nvml") else found

    def _recorded(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            answers = self.trace.setdefault(_call_text(name, [self._named(each) for each in arguments]), [])
            try:
                answer = function(*arguments)
            except self._nvml.NVMLError as error:
                answers.append({"error": error.value})
                raise
            answers.append(self._plain(name, answer))
            return answer

        return call

    def _plain(self, name: str, answer: Any) -> Any:
        if fields := STRUCTURES.get(name):
            if isinstance(answer, list):
                return [_fields(row, fields) for row in cast("list[Any]", answer)]
            return _fields(answer, fields)
        return self._named(answer)

    def _named(self, value: Any) -> Any:
        """A handle is opaque: it is named by its place among those seen."""
        if value is None or isinstance(value, (int, str)):
            return value
        if isinstance(value, list):
            return cast("list[Any]", value)
        address = ctypes.cast(value, ctypes.c_void_p).value
        if address not in self._handles:
            self._handles.append(address)
        return f"handle {self._handles.index(address)}"


def _fields(row: Any, fields: tuple[str, ...]) -> dict[str, Any]:
    return {field: getattr(row, field) for field in fields}


class TraceEnded(Exception):
    """The recorded driver was not asked this, or not so often."""


class RecordedNvml:
    """Stands in for `pynvml`: answers as the recorded driver did, call by call. The shipped double."""

    NVML_ERROR_UNINITIALIZED = 1
    NVML_ERROR_NOT_FOUND = 6
    NVML_ERROR_GPU_IS_LOST = 15

    class NVMLError(Exception):
        def __init__(self, value: int) -> None:
            super().__init__(f"NVML error {value}")
            self.value = value

    def __init__(self, trace: Trace) -> None:
        self._trace = {call: list(answers) for call, answers in trace.items()}

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if not name.startswith("nvml"):
            raise AttributeError(name)

        def call(*arguments: Any) -> Any:
            return self._answer(_call_text(name, list(arguments)))

        return call

    def _answer(self, call: str) -> Any:
        if not (answers := self._trace.get(call)):
            raise TraceEnded(f"the trace has no further answer to {call}")
        return self._structured(answers.pop(0))

    def _structured(self, answer: Any) -> Any:
        if isinstance(answer, dict):
            fields = cast("dict[str, Any]", answer)
            if "error" in fields:
                raise self.NVMLError(fields["error"])
            return SimpleNamespace(**fields)
        return [self._structured(each) for each in cast("list[Any]", answer)] if isinstance(answer, list) else answer


def _call_text(name: str, arguments: list[Any]) -> str:
    return f"{name}({', '.join(str(each) for each in arguments)})"
