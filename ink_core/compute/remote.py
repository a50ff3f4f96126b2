"""The manager's half of the scheduler pack: acts on a cluster through the user's access-point agent."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from pydantic import JsonValue

from ink_core.agents import AccessPoint, UserAgents
from ink_core.compute.dag import Dag, SubmittedDag
from ink_core.compute.model import (
    ActionResult,
    Description,
    JobAction,
    JobChanges,
    JobSpec,
    Submitted,
    Value,
)
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


class RemoteJobControl:
    """`JobControl` over the wire, for one cluster. Raises what `UserAgents.call` raises."""

    def __init__(self, agents: UserAgents, cluster: str, *, deadline_s: float = 30) -> None:
        self._agents = agents
        self._cluster = cluster
        self._deadline_s = deadline_s

    async def submit(self, user: str, spec: JobSpec, operation_id: str) -> Submitted:
        arguments = SubmitJobs(cluster=self._cluster, spec=spec)
        return Submitted.model_validate(await self._call(user, SUBMIT, arguments, operation_id))

    async def submit_description(self, user: str, description: Description, operation_id: str) -> Submitted:
        arguments = SubmitDescription(cluster=self._cluster, description=description)
        return Submitted.model_validate(await self._call(user, SUBMIT_DESCRIPTION, arguments, operation_id))

    async def submit_dag(self, user: str, dag: Dag, operation_id: str) -> SubmittedDag:
        arguments = SubmitDag(cluster=self._cluster, dag=dag)
        return SubmittedDag.model_validate(await self._call(user, SUBMIT_DAG, arguments, operation_id))

    async def find_operation(self, user: str, operation_id: str) -> Submitted | None:
        """Each question is a call of its own: a repeated one must not get the first answer."""
        arguments = FindOperation(cluster=self._cluster, operation_id=operation_id)
        answer = await self._call(user, FIND_OPERATION, arguments, secrets.token_hex(16))
        return OperationFound.model_validate(answer).submitted

    async def act(
        self, user: str, action: JobAction, job_ids: Sequence[str], reason: str, operation_id: str
    ) -> ActionResult:
        arguments = ActOnJobs(cluster=self._cluster, action=action, job_ids=tuple(job_ids), reason=reason)
        return ActionResult.model_validate(await self._call(user, ACT, arguments, operation_id))

    async def edit(self, user: str, changes: JobChanges, job_ids: Sequence[str], operation_id: str) -> ActionResult:
        arguments = EditJobs(cluster=self._cluster, job_ids=tuple(job_ids), changes=changes)
        return ActionResult.model_validate(await self._call(user, EDIT, arguments, operation_id))

    async def _call(self, user: str, method: str, arguments: Value, operation_id: str) -> JsonValue:
        return await self._agents.call(
            AccessPoint(user),
            method,
            arguments.model_dump(mode="json"),
            operation_id=operation_id,
            deadline_s=self._deadline_s,
        )
