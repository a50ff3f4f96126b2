"""`python -I -m ink_core.compute.htcondor.child`: the process in which the bindings run. Ends when its input does."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

from ink_core.compute.htcondor.actions import act
from ink_core.compute.htcondor.calls import Act, ExplainJob, Find, Submit
from ink_core.compute.htcondor.explain import explain
from ink_core.compute.htcondor.nodes import health
from ink_core.compute.htcondor.pool import Pool
from ink_core.compute.htcondor.queue import QueueQuery
from ink_core.compute.htcondor.submission import find_operation, submit
from ink_core.compute.options import HtcondorOptions
from ink_core.compute.scheduler_calls import OperationFound
from ink_core.errors import InkError

Method = Callable[[Any], BaseModel]


def main() -> None:
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get among the answers
    methods = methods_of(Pool(HtcondorOptions.model_validate_json(sys.stdin.buffer.readline())))
    for line in sys.stdin.buffer:
        answers.write(_answer(methods, line) + b"\n")
        answers.flush()


def methods_of(pool: Pool) -> Mapping[str, tuple[type[BaseModel] | None, Method]]:
    queue = QueueQuery(pool)
    return {
        "snapshot": (None, lambda _: queue.snapshot()),
        "health": (None, lambda _: health(pool)),
        "explain": (ExplainJob, lambda call: explain(pool, call.job_id)),
        "submit": (Submit, lambda call: submit(pool, call.spec, call.operation_id)),
        "find_operation": (
            Find,
            lambda call: OperationFound(submitted=find_operation(pool, call.operation_id)),
        ),
        "act": (Act, lambda call: act(pool, call.action, call.job_ids, call.reason)),
    }


def _answer(methods: Mapping[str, tuple[type[BaseModel] | None, Method]], line: bytes) -> bytes:
    request = json.loads(line)
    model, method = methods[request["method"]]
    try:
        arguments = None if model is None else model.model_validate(request["arguments"])
        return b"+" + method(arguments).model_dump_json().encode()
    except InkError as error:
        return b"-" + json.dumps({"code": error.code, "message": str(error)}).encode()


if __name__ == "__main__":
    main()
