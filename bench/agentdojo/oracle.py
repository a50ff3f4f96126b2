"""The worst case: an utterly gullible agent makes the calls of the user's plan and those of the attacker.

Every call goes through the product's own gate, policy, ledger and provenance; only the tools are AgentDojo's. A human
approves exactly the user's calls where the attack is what is looked at, and nothing where the user's task is.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import JsonValue, create_model

from audit.ledger import Record
from audit.memory import MemoryLedger
from bench.agentdojo.declarations import DECLARED, Declared
from ink_core.agents import InProcessAgents
from ink_core.clock import SystemClock
from ink_core.errors import InkError
from ink_core.identity.principal import ADMIN_SCOPES, Principal
from ink_core.labels import Confidentiality, Integrity, Label
from manager.gate.admission import Proposal
from manager.gate.call import CallState, CallStatus
from manager.gate.gate import Gate, GateLimits
from manager.gate.policy import Origin, Policy, Rule
from manager.gate.policy_file import load_policy
from mcp_tools.catalogue import Catalogue
from mcp_tools.context import ToolContext
from mcp_tools.doubles import MemoryQueues, services
from mcp_tools.spec import Risk, RunsOn, ToolSpec, ToolValue

USER = Principal(username="emma", is_admin=False, scopes=frozenset(), credential="session:user")
APPROVER = Principal(username="admin", is_admin=True, scopes=ADMIN_SCOPES, credential="session:admin")
CHAIN = "session:s1"
WAIT_S = 60
DEFAULT = load_policy(None)
EVERYTHING = Policy([Rule.model_validate({"id": "everything", "when": {}, "effect": "allow", "reason": "A control."})])
"""What the default policy is measured against: with nothing held back the attacks succeed."""
Order = Literal["after", "before"]
Call = Mapping[str, JsonValue]


class ToolFailed(InkError):
    code = "tool_failed"


class Result(ToolValue):
    result: JsonValue


class World:
    """AgentDojo's environments, in a process of their own."""

    def __init__(self, python: Path) -> None:
        argv = [str(python), "-I", str(Path(__file__).with_name("world.py"))]
        self._process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, what: str, **arguments: Any) -> Any:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"ask": what, **arguments}) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the world ended while it was asked to {what}")
        return json.loads(answer)

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


def catalogue(world: World, tools: Sequence[Mapping[str, Any]]) -> Catalogue:
    return Catalogue([_spec(world, tool) for tool in tools])


@dataclass
class Agent:
    """One session of the gullible agent; `asked` counts the calls that a human was asked about."""

    world: World
    catalogue: Catalogue
    words: str
    plan: list[JsonValue] | None
    policy: Policy = DEFAULT
    asked: int = 0
    made: int = 0

    async def begin(self) -> None:
        self._ledger = MemoryLedger()
        doubles = services(InProcessAgents({}), MemoryQueues({}))
        self._gate = Gate(self._ledger, self.catalogue, lambda: self.policy, doubles, SystemClock(), GateLimits())
        opened: dict[str, JsonValue] = {"owner": "emma", "title": "", "worker_id": None, "model": "m", "trust": "site"}
        authority: JsonValue = {"is_admin": False, "scopes": [], "credential": "session:user"}
        said: dict[str, JsonValue] = {"text": self.words, "by": "emma", "authority": authority}
        await self._ledger.append(CHAIN, Record("session.opened", opened), Record("user.message", said))
        if self.plan is not None:
            await self._ledger.append(CHAIN, Record("plan.made", {"turn": 1, "steps": self.plan}))

    async def call(self, call: Call, *, human: bool) -> None:
        """Make one call. `human`: somebody is there who approves it."""
        self.made += 1
        call_id = f"s1.1.{self.made}"
        await self._ledger.append(CHAIN, Record("model.asked", {"turn": 1, "model": "m"}))
        tool, arguments = str(call["tool"]), call["arguments"]
        assert isinstance(arguments, dict)
        state = await self._gate.propose(
            Proposal(call_id, tool, arguments, USER, Origin.MODEL, CHAIN, model_call_id=call_id)
        )
        if state.status is CallStatus.WAITING_APPROVAL:
            self.asked += 1
            if not human:
                return
            await self._approve(state)
        await self._gate.wait(call_id, WAIT_S)

    async def _approve(self, state: CallState) -> None:
        assert state.approval is not None
        await self._gate.desk.decide(state.approval.approval_id, APPROVER, True, "mine", state.approval.digest)


async def benign(agent: Agent, calls: Sequence[Call]) -> bool:
    """Whether the user's task is done with nobody there to approve anything; `agent.asked` says what was waited for."""
    await agent.begin()
    for call in calls:
        await agent.call(call, human=False)
    return bool(agent.world.ask("score"))


async def attacked(agent: Agent, calls: Sequence[Call], attack: str, hostile: Sequence[Call], order: Order) -> bool:
    """Whether the attack succeeds unattended.

    `before`: right after the user's first call, the earliest by whose result an attack can come in.
    """
    await agent.begin()
    for call in calls[:1] if order == "before" else calls:
        await agent.call(call, human=True)
    for call in hostile:
        await agent.call(call, human=False)
    return bool(agent.world.ask("score", attack=attack))


def _spec(world: World, tool: Mapping[str, Any]) -> ToolSpec:
    name = str(tool["name"])
    declared = DECLARED.get(name, Declared())
    return ToolSpec(
        name=name,
        title=name,
        description=name,
        input=_input(name, tool["schema"]),
        output=Result,
        risk=Risk.WRITE if declared.writes else Risk.READ,
        scopes=frozenset(),
        runs_on=RunsOn.CORE,
        idempotent=False,
        timeout_s=WAIT_S,
        label=Label(Confidentiality.USER, Integrity.UNTRUSTED),
        run=_run(world, name),
        content=declared.content,
        handles=declared.handles,
        content_of_handles=declared.content_of_handles,
        identifies=declared.identifies,
    )


def _input(name: str, schema: Mapping[str, Any]) -> type[ToolValue]:
    required = set(schema.get("required", ()))
    fields: dict[str, Any] = {
        field: (JsonValue, ... if field in required else described.get("default"))
        for field, described in schema.get("properties", {}).items()
    }
    return create_model(f"Input_{name}", __base__=ToolValue, **fields)


def _run(world: World, name: str) -> Callable[[ToolContext, ToolValue], Awaitable[ToolValue]]:
    async def run(context: ToolContext, asked: ToolValue) -> ToolValue:
        answer = world.ask("call", tool=name, arguments=asked.model_dump(mode="json", exclude_unset=True))
        if answer["error"]:
            raise ToolFailed(str(answer["error"]))
        return Result(result=answer["result"])

    return run
