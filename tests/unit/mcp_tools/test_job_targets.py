"""Whose jobs an action on "all jobs" means."""

from __future__ import annotations

from ink_core.agents import AGENT_JOB_NAME, InProcessAgents
from ink_core.identity.principal import USER_SCOPES, Principal
from mcp_tools.context import ToolContext
from mcp_tools.doubles import MemoryQueues, memory_job, services
from mcp_tools.job_actions import TOOLS

ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:1")


async def test_all_jobs_of_somebody_are_not_their_worker_agents_but_one_named_by_id_is() -> None:
    agent = memory_job("1.0", "alice", cluster="local").model_copy(update={"name": AGENT_JOB_NAME})
    queues = MemoryQueues({"local": [agent, memory_job("2.0", "alice", cluster="local")]})
    context = ToolContext(
        principal=ALICE,
        acting_as="alice",
        operation_id="op-00000001",
        deadline_s=5,
        worker_id=None,
        services=services(InProcessAgents({}), queues),
        leave=None,
    )
    for spec in TOOLS:
        if spec.name in ("release_jobs", "resume_jobs"):
            continue
        assert spec.resolve is not None
        everything = await spec.resolve(context, spec.parse({"owner": "alice"}))
        assert everything.model_dump()["job_ids"] == ("2.0",)
        named = await spec.resolve(context, spec.parse({"job_ids": ["1.0"]}))
        assert named.model_dump()["job_ids"] == ("1.0",)
