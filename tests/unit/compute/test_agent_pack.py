"""The scheduler pack and the manager's half of it, joined: both ends of the wire in one process."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import JsonValue, ValidationError

from ink_core.agents import AccessPoint, InProcessAgents
from ink_core.compute.agent_pack import scheduler_pack
from ink_core.compute.model import JobAction, JobSpec
from ink_core.compute.remote import RemoteJobControl
from ink_core.errors import AgentFault
from tests.unit.compute.conftest import Local
from worker_agent.protocol import Call, PackError


def options(local: Local) -> dict[str, JsonValue]:
    return {"clusters": [{"type": "local", "name": "here", "directory": str(local.directory), "owner": "alice"}]}


def remote(local: Local) -> RemoteJobControl:
    """What travels is JSON text, as on the real connection."""
    methods = scheduler_pack(options(local))

    async def answer(method: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
        pack_method = methods[method]
        values = pack_method.arguments.model_validate(json.loads(json.dumps(arguments)))
        call = Call(operation_id=OPERATION, epoch=1, deadline_s=20)
        try:
            result = await pack_method.handler(values, call)
        except PackError as error:
            fault = error.fault
            raise AgentFault(fault.message, code=fault.code, retryable=fault.retryable) from error
        return json.loads(pack_method.result.model_validate(result).model_dump_json())

    return RemoteJobControl(InProcessAgents({AccessPoint("alice"): answer}), "here")


OPERATION = "operation-of-this-test"


def spec(local: Local, **changes: object) -> JobSpec:
    return JobSpec(executable="/bin/true", working_directory=str(local.work)).model_copy(update=changes)


@pytest.mark.requirement("CORE-JOBS-05")
async def test_jobs_are_submitted_found_and_acted_on_through_the_agent(local: Local) -> None:
    jobs = remote(local)
    assert await jobs.find_operation("alice", OPERATION) is None
    submitted = await jobs.submit("alice", spec(local, count=2), OPERATION)
    assert submitted.cluster == "here" and submitted.job_ids == ("1.0", "1.1")
    assert await jobs.find_operation("alice", OPERATION) == submitted
    assert await jobs.submit("alice", spec(local), OPERATION) == submitted
    assert local.wait_for_end("1.1").operation_id == OPERATION
    result = await jobs.act("alice", JobAction.REMOVE, ["1.1", "7.0"], "", secrets.token_hex(8))
    assert result.done == () and set(result.refused) == {"1.1", "7.0"}


async def test_errors_of_the_scheduler_keep_their_code_and_words(local: Local) -> None:
    with pytest.raises(AgentFault, match="asks for 500 CPUs") as refused:
        await remote(local).submit("alice", spec(local, cpus=500), OPERATION)
    assert (refused.value.code, refused.value.retryable) == ("scheduler_refused", False)
    with pytest.raises(AgentFault, match="does not exist") as bad:
        await remote(local).submit("alice", spec(local, executable="nothing"), OPERATION)
    assert bad.value.code == "bad_input"


async def test_an_unknown_cluster_is_named_with_the_known_ones(local: Local) -> None:
    method = scheduler_pack(options(local))["scheduler.find_operation"]
    arguments = method.arguments.model_validate({"cluster": "there", "operation_id": "x"})
    with pytest.raises(PackError, match="known are here") as unknown:
        await method.handler(arguments, Call(operation_id=OPERATION, epoch=1, deadline_s=5))
    assert unknown.value.fault.code == "not_found"


async def test_a_cluster_that_is_down_is_a_retryable_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cluster: JsonValue = {"type": "local", "name": "here", "directory": str(tmp_path / "file" / "queue")}
    method = scheduler_pack({"clusters": [cluster]})["scheduler.find_operation"]
    arguments = method.arguments.model_validate({"cluster": "here", "operation_id": "x"})
    with pytest.raises(PackError) as down:
        await method.handler(arguments, Call(operation_id=OPERATION, epoch=1, deadline_s=5))
    assert (down.value.fault.code, down.value.fault.retryable) == ("scheduler_down", True)


@pytest.mark.parametrize(
    "wrong",
    [{}, {"clusters": [{"type": "pbs", "name": "x"}]}, {"clusters": [{"type": "slurm", "name": "x", "oops": 1}]}],
)
def test_wrong_options_are_refused_when_the_agent_starts(wrong: dict[str, JsonValue]) -> None:
    with pytest.raises(ValidationError):
        scheduler_pack(wrong)
