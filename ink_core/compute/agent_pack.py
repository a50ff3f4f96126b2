"""Capability pack of the access-point agent: submit and act as the agent's own user.

Options: `{"clusters": [ClusterOptions, ...]}`, beside those of other packs. Errors of the scheduler become typed faults
with the same code.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TypeVar

from pydantic import JsonValue

from ink_core.compute.dag import SubmittedDag
from ink_core.compute.factory import open_control
from ink_core.compute.model import ActionResult, Submitted, Value
from ink_core.compute.options import ClusterOptions
from ink_core.compute.port import JobControl
from ink_core.compute.scheduler_calls import (
    ACT,
    EDIT,
    FIND_OPERATION,
    SUBMIT,
    SUBMIT_DAG,
    SUBMIT_DESCRIPTION,
    ActOnJobs,
    EditJobs,
    FindOperation,
    OperationFound,
    SubmitDag,
    SubmitDescription,
    SubmitJobs,
)
from ink_core.errors import DeadlineExceeded, InkError, NotFound
from worker_agent.protocol import Call, PackError, PackMethod, WorkerFault

T = TypeVar("T")


class PackOptions(Value):
    clusters: tuple[ClusterOptions, ...]


def scheduler_pack(options: Mapping[str, JsonValue]) -> Mapping[str, PackMethod]:
    """The pack's entry point: `ink_core.compute.agent_pack:scheduler_pack`."""
    return SchedulerPack(PackOptions.model_validate({"clusters": options.get("clusters")}).clusters).methods()


class SchedulerPack:
    """A cluster is opened at its first use: one that is down does not keep the agent from the others."""

    def __init__(self, clusters: tuple[ClusterOptions, ...]) -> None:
        self._options = {options.name: options for options in clusters}
        self._open: dict[str, JobControl] = {}

    def methods(self) -> Mapping[str, PackMethod]:
        return {
            SUBMIT: PackMethod(SubmitJobs, Submitted, self._submit),
            SUBMIT_DESCRIPTION: PackMethod(SubmitDescription, Submitted, self._submit_description),
            SUBMIT_DAG: PackMethod(SubmitDag, SubmittedDag, self._submit_dag),
            FIND_OPERATION: PackMethod(FindOperation, OperationFound, self._find),
            ACT: PackMethod(ActOnJobs, ActionResult, self._act),
            EDIT: PackMethod(EditJobs, ActionResult, self._edit),
        }

    async def _submit(self, arguments: SubmitJobs, call: Call) -> Submitted:
        return await _as_fault(call, lambda: self._control(arguments.cluster).submit(arguments.spec, call.operation_id))

    async def _submit_description(self, arguments: SubmitDescription, call: Call) -> Submitted:
        return await _as_fault(
            call,
            lambda: self._control(arguments.cluster).submit_description(arguments.description, call.operation_id),
        )

    async def _submit_dag(self, arguments: SubmitDag, call: Call) -> SubmittedDag:
        return await _as_fault(
            call, lambda: self._control(arguments.cluster).submit_dag(arguments.dag, call.operation_id)
        )

    async def _find(self, arguments: FindOperation, call: Call) -> OperationFound:
        found = await _as_fault(call, lambda: self._control(arguments.cluster).find_operation(arguments.operation_id))
        return OperationFound(submitted=found)

    async def _act(self, arguments: ActOnJobs, call: Call) -> ActionResult:
        return await _as_fault(
            call,
            lambda: self._control(arguments.cluster).act(arguments.action, arguments.job_ids, arguments.reason),
        )

    async def _edit(self, arguments: EditJobs, call: Call) -> ActionResult:
        return await _as_fault(
            call, lambda: self._control(arguments.cluster).edit(arguments.changes, arguments.job_ids)
        )

    def _control(self, cluster: str) -> JobControl:
        if cluster not in self._options:
            raise NotFound(f"there is no cluster {cluster!r}; known are {', '.join(self._options)}")
        if cluster not in self._open:
            self._open[cluster] = open_control(self._options[cluster])
        return self._open[cluster]


async def _as_fault(call: Call, work: Callable[[], T]) -> T:
    """Runs blocking work in a thread. Past the deadline it may still take effect: ask for the operation later."""
    try:
        async with asyncio.timeout(call.deadline_s):
            return await asyncio.to_thread(work)
    except TimeoutError:
        late = DeadlineExceeded(f"the scheduler did not answer within {call.deadline_s:g} s")
        raise PackError(_fault(late)) from None
    except InkError as error:
        raise PackError(_fault(error)) from error


def _fault(error: InkError) -> WorkerFault:
    return WorkerFault(code=error.code, message=str(error), retryable=error.retryable)
