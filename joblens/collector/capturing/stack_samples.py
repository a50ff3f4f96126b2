"""The calls in which captured jobs spend their CPU time, asked of the process that samples them (`joblens.stacks`).

It runs only while a capture asks for stacks. The first look at a job begins its sampling and tells nothing yet.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Collection, Sequence

from joblens.asked_process import AskedProcess
from joblens.records import JobKey, StackSample

MOST = 1000
MOST_TEXT = 8000
COMMAND = (sys.executable, "-I", "-m", "joblens.stacks")
_log = logging.getLogger(__name__)


class Stacks:
    def __init__(self, process: AskedProcess | None = None) -> None:
        self._process = process or AskedProcess(COMMAND)
        self._refused = ""

    @property
    def children(self) -> tuple[int, ...]:
        return (self._process.pid,) if self._process.pid else ()

    def samples(
        self, key: JobKey, pids: Sequence[int], time: float, *, every_s: float, all_jobs: Collection[JobKey]
    ) -> list[StackSample]:
        """`all_jobs` are those whose sampling goes on, this one among them."""
        asked = {"job": _name(key), "pids": pids, "every_s": every_s, "jobs": list(map(_name, all_jobs))}
        try:
            answer = json.loads(self._process.ask(json.dumps(asked).encode()))
            found = [_sample(key, time, *each) for each in answer.get("stacks", ())]
        except OSError as error:
            return self._nothing(str(error))
        except (ValueError, TypeError, AttributeError):
            self._process.give_up()
            return self._nothing("its answer makes no sense")
        self._nothing(answer.get("refused", ""))
        return sorted(found, key=lambda each: each.samples, reverse=True)[:MOST]

    def _nothing(self, why: str) -> list[StackSample]:
        """The log has a reason once."""
        if why and why != self._refused:
            _log.warning("no stacks are sampled: %s", why)
        self._refused = why
        return []

    def close(self) -> None:
        """Until a capture asks again."""
        self._process.close()


def _name(key: JobKey) -> str:
    return "\n".join(key)


def _sample(key: JobKey, time: float, pid: int, name: str, frames: list[str], samples: int, cpu_ns: int) -> StackSample:
    return StackSample(key, time, pid, name, _folded(frames), samples, cpu_ns)


def _folded(frames: list[str]) -> str:
    """Of one that is too long its innermost calls."""
    text = ";".join(frames)
    return text if len(text) <= MOST_TEXT else "…" + text[-MOST_TEXT:].partition(";")[2]
