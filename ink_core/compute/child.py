"""`python -I -m ink_core.compute.child`: the process in which a real scheduler's adapter runs.

First line of input: the cluster's options. Then calls as `child_process` describes. It ends when its input does.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from pydantic import BaseModel, TypeAdapter

from ink_core.compute.adapters import open_control_here, open_reader_here
from ink_core.compute.child_calls import (
    PAGE,
    Act,
    AssociationsOf,
    Edit,
    ExplainJob,
    Find,
    JobPage,
    LookAt,
    Observe,
    Observed,
    PageAt,
    Submit,
    SubmitText,
    SubmitWhole,
)
from ink_core.compute.model import Job
from ink_core.compute.options import ClusterOptions
from ink_core.compute.port import JobControl, QueueReader
from ink_core.compute.scheduler_calls import OperationFound
from ink_core.errors import InkError

Method = tuple[type[BaseModel] | None, Callable[[Any], BaseModel]]
_OPTIONS: TypeAdapter[ClusterOptions] = TypeAdapter(ClusterOptions)


def main() -> None:
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get among the answers
    served = Served(_OPTIONS.validate_json(sys.stdin.buffer.readline()))
    methods = served.methods()
    for line in sys.stdin.buffer:
        answers.write(_answer(methods, line) + b"\n")
        answers.flush()


class Served:
    """One cluster's adapters, each opened at its first use."""

    def __init__(self, options: ClusterOptions) -> None:
        self._options = options
        self._seen: dict[str, Job] = {}
        self._mark = ""
        self._changed: tuple[Job, ...] = ()

    def methods(self) -> Mapping[str, Method]:
        return {
            "observe": (Observe, lambda call: self._observe(call.since)),
            "jobs": (PageAt, lambda call: JobPage(jobs=self._changed[call.offset : call.offset + PAGE])),
            "look": (LookAt, lambda call: JobPage(jobs=tuple(self._reader.look(call.job_ids)))),
            "health": (None, lambda _: self._reader.health()),
            "topology": (None, lambda _: self._reader.topology()),
            "priorities": (None, lambda _: self._reader.priorities()),
            "explain": (ExplainJob, lambda call: self._reader.explain(call.job_id)),
            "submit": (Submit, lambda call: self._control.submit(call.spec, call.operation_id)),
            "associations": (AssociationsOf, lambda call: self._reader.associations(call.user)),
            "submit_description": (
                SubmitText,
                lambda call: self._control.submit_description(call.description, call.operation_id),
            ),
            "submit_dag": (SubmitWhole, lambda call: self._control.submit_dag(call.dag, call.operation_id)),
            "find_operation": (
                Find,
                lambda call: OperationFound(submitted=self._control.find_operation(call.operation_id)),
            ),
            "act": (Act, lambda call: self._control.act(call.action, call.job_ids, call.reason)),
            "edit": (Edit, lambda call: self._control.edit(call.changes, call.job_ids)),
        }

    @cached_property
    def _reader(self) -> QueueReader:
        return open_reader_here(self._options)

    @cached_property
    def _control(self) -> JobControl:
        return open_control_here(self._options)

    def _observe(self, since: str | None) -> Observed:
        """The caller reads what has changed, and nothing of a large queue that stays as it is."""
        snapshot = self._reader.snapshot()
        whole = since != self._mark
        before, self._seen = self._seen, {job.job_id: job for job in snapshot.jobs}
        self._changed = tuple(job for job in snapshot.jobs if whole or before.get(job.job_id) != job)
        self._mark = secrets.token_hex(8)
        left = () if whole else tuple(before.keys() - self._seen.keys())
        return Observed(
            observed_at=snapshot.observed_at, mark=self._mark, whole=whole, jobs=len(self._changed), left=left
        )


def _answer(methods: Mapping[str, Method], line: bytes) -> bytes:
    request = json.loads(line)
    model, method = methods[request["method"]]
    try:
        arguments = None if model is None else model.model_validate(request["arguments"])
        return b"+" + method(arguments).model_dump_json().encode()
    except InkError as error:
        return b"-" + json.dumps({"code": error.code, "message": str(error)}).encode()


if __name__ == "__main__":
    main()
