"""One child process that answers calls, a line each way: for libraries that block the whole interpreter.

Request: `{"method", "arguments"}`. Answer: `+` and the result, or `-` and `{"code", "message"}`. A call past its
deadline kills the child; the next call starts a new one. Calls of one `ChildProcess` take turns.
"""

from __future__ import annotations

import json
import selectors
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from pydantic import BaseModel

from ink_core.errors import BadInput, InkError, JobNotFound, SchedulerDown, SchedulerRefused

R = TypeVar("R", bound=BaseModel)
_ERRORS: dict[str, type[InkError]] = {
    error.code: error for error in (BadInput, JobNotFound, SchedulerDown, SchedulerRefused)
}


class ChildProcess:
    """Runs `module`, whose first line of input is `options`. `what` names the scheduler in errors."""

    def __init__(self, module: str, options: BaseModel, *, what: str, deadline_s: float) -> None:
        self._module = module
        self._options = options
        self._what = what
        self._deadline_s = deadline_s
        self._turn = threading.RLock()
        self._process: subprocess.Popen[bytes] | None = None
        self._finalizer: weakref.finalize[Any, Any] | None = None

    def call(self, method: str, arguments: BaseModel | None, result: type[R], *, times: int = 1) -> R:
        """Raises the error that the child answers with, or `SchedulerDown` when there is no answer in time.

        `times`: how many deadlines the answer may take, where the scheduler is asked for many things.
        """
        deadline = time.monotonic() + self._deadline_s * times
        dumped = None if arguments is None else arguments.model_dump(mode="json")
        with self.several_calls():
            answer = self._exchange(json.dumps({"method": method, "arguments": dumped}).encode(), deadline)
        if answer.startswith(b"+"):
            return result.model_validate_json(answer[1:])
        error = json.loads(answer[1:])
        raise _ERRORS.get(error["code"], SchedulerDown)(error["message"])

    @contextmanager
    def several_calls(self) -> Generator[None]:
        """Keeps other threads' calls out until the block ends."""
        if not self._turn.acquire(timeout=self._deadline_s):
            raise self._silent()
        try:
            yield
        finally:
            self._turn.release()

    def close(self) -> None:
        if self._finalizer is not None:
            self._finalizer()
        self._process = None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            argv = [sys.executable, "-I", "-m", self._module]
            self._process = subprocess.Popen(
                argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
            )
            self._finalizer = weakref.finalize(self, _end, self._process)
            _send(self._process, self._options.model_dump_json().encode())
        return self._process

    def _exchange(self, request: bytes, deadline: float) -> bytes:
        try:
            process = self._running()
            _send(process, request)
            return _read_line(process, deadline)
        except TimeoutError:
            self.close()
            raise self._silent() from None
        except OSError as error:
            self.close()
            raise SchedulerDown(f"the process that talks to {self._what} died ({error}); ask again") from error

    def _silent(self) -> SchedulerDown:
        return SchedulerDown(f"{self._what} did not answer within {self._deadline_s:g} s")


def _send(process: subprocess.Popen[bytes], line: bytes) -> None:
    assert process.stdin is not None
    process.stdin.write(line + b"\n")
    process.stdin.flush()


def _read_line(process: subprocess.Popen[bytes], deadline: float) -> bytes:
    assert process.stdout is not None
    pieces: list[bytes] = []
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while not (pieces and pieces[-1].endswith(b"\n")):
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise TimeoutError
            pieces.append(process.stdout.read1(1 << 20))  # type: ignore[attr-defined]
            if not pieces[-1]:
                raise BrokenPipeError("it closed its output")
    return b"".join(pieces)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(BrokenPipeError):
                stream.close()
