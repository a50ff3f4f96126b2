"""The second half of the gate: run a call whose intent is durable, or find out what became of one after a crash.

The only module that makes a `Leave`. Whatever happens becomes an `Outcome`; nothing is raised to the caller.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

import structlog
from pydantic import JsonValue

from audit.chains import session_of
from ink_core.agents import AccessPoint, AgentTarget, Worker
from ink_core.errors import AgentFault, AgentGone, AgentLost, AgentNotConnected, DeadlineExceeded, InkError
from ink_core.labels import HIGHEST, Label
from manager.gate.call import CallError, CallState, CallStatus
from manager.gate.plan_mode import PlanModes
from manager.gate.recorded import recordable
from mcp_tools.catalogue import Catalogue
from mcp_tools.context import Leave, Results, Services, ToolContext
from mcp_tools.invoke import invoke
from mcp_tools.result_labels import result_label
from mcp_tools.spec import RunsOn, ToolSpec, ToolValue

log = structlog.get_logger()

RECONNECT_GRACE_S = 60.0
POLL_S = 0.5
INTERRUPT_S = 5.0
DOUBTFUL = frozenset(
    {
        "answer_too_large",
        "answer_unreadable",
        "deadline_exceeded",
        "internal_error",
        "outcome_forgotten",
        "scheduler_down",
    }
)
"""Codes of an agent's faults after which the effect may have happened all the same."""


@dataclass(frozen=True)
class Outcome:
    """How a call ended, as it is recorded."""

    status: CallStatus
    result: JsonValue = None
    error: CallError | None = None
    label: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])

    def to_json(self, duration_ms: int) -> dict[str, JsonValue]:
        error: JsonValue = None
        if self.error:
            error = {"code": self.error.code, "message": self.error.message, "retryable": self.error.retryable}
        return {
            "status": self.status.value,
            "result": recordable(self.result),
            "error": error,
            "duration_ms": duration_ms,
            "label": self.label,
        }


class Dispatcher:
    def __init__(self, catalogue: Catalogue, services: Services, results: Results, plan_modes: PlanModes) -> None:
        self._catalogue = catalogue
        self._services = services
        self._results = results
        self._plan_modes = plan_modes

    async def dispatch(self, state: CallState) -> Outcome:
        """Run the call. When its fate is unknown afterwards (connection lost, deadline), look it up."""
        return await self._settled(state, self._attempt)

    async def recover(self, state: CallState) -> Outcome:
        """Resolve a call whose intent is recorded but whose outcome is not."""
        return await self._settled(state, self._look_up)

    async def interrupt(self, state: CallState) -> None:
        """Kill the processes that the call started at its agent, if there are any. Never raises an `InkError`."""
        if state.operation_id is None:
            return
        kill = f"kill-{secrets.token_hex(8)}"
        arguments: dict[str, JsonValue] = {"target": state.operation_id}
        try:
            if target := self._runs_at(state):
                agents = self._services.agents
                await agents.call(target, "process.kill", arguments, operation_id=kill, deadline_s=INTERRUPT_S)
        except InkError as error:
            log.warning("not_interrupted", call_id=state.call_id, code=error.code)

    def _runs_at(self, state: CallState) -> AgentTarget | None:
        """The agent whose processes the call may have started: its worker, or the one at the access point instead."""
        if state.worker_id:
            return Worker(state.worker_id)
        in_a_worker = self._catalogue.get(state.tool).runs_on is RunsOn.EXECUTE
        return AccessPoint(state.acting_as) if in_a_worker and state.acting_as else None

    async def _settled(self, state: CallState, act: Callable[[ToolSpec, CallState], Awaitable[Outcome]]) -> Outcome:
        try:
            spec = self._catalogue.get(state.tool)
        except InkError as error:
            return _failed(error)
        try:
            outcome = await act(spec, state)
        except InkError as error:
            outcome = _failed(error)
        except Exception:
            log.exception("tool_broke", tool=state.tool, call_id=state.call_id)
            broke = InkError(f"{state.tool} failed in a way it should not; the server's log has the details")
            outcome = _in_doubt(spec, broke)
        return replace(outcome, label=(await self._label(spec, state)).to_json())

    async def _label(self, spec: ToolSpec, state: CallState) -> Label:
        try:
            context, arguments = self._context(spec, state), spec.parse(state.arguments)
            label = result_label(spec, context, arguments)
            return label.join(await spec.label_of(context, arguments)) if spec.label_of else label
        except Exception:  # the call has ended: it is recorded, as the most confidential there is
            log.exception("not_labelled", tool=state.tool, call_id=state.call_id)
            return HIGHEST

    async def _attempt(self, spec: ToolSpec, state: CallState) -> Outcome:
        await self._plan_modes.check_call(state.origin, state.chain, spec)
        try:
            return await self._run(spec, state)
        except InkError as error:
            if not _leaves_doubt(error):
                raise
            if isinstance(error, AgentLost) or spec.reconcile:
                return await self._look_up(spec, state)
            return _in_doubt(spec, error)

    async def _run(self, spec: ToolSpec, state: CallState) -> Outcome:
        arguments = spec.parse(state.arguments)
        try:
            async with asyncio.timeout(spec.timeout_s):
                result = await invoke(spec, self._context(spec, state), arguments)
        except TimeoutError as error:
            raise DeadlineExceeded(f"{spec.name} took longer than its {spec.timeout_s:.0f} s") from error
        return Outcome(CallStatus.DONE, result.model_dump(mode="json"))

    async def _look_up(self, spec: ToolSpec, state: CallState) -> Outcome:
        """Ask the world: the tool's own reconcile, else the worker that was told to do it, else repeat if harmless.

        A worker id names one process, which remembers its operations: asking it again with the same operation id
        returns the first outcome, or runs what never arrived.
        """
        if spec.reconcile:
            return await self._reconcile(spec, state)
        try:
            if not spec.idempotent:
                await self._worker_is_back(state.worker_id)
        except InkError as error:
            return _in_doubt(spec, error)
        return await self._run_again(spec, state)

    async def _reconcile(self, spec: ToolSpec, state: CallState) -> Outcome:
        try:
            async with asyncio.timeout(RECONNECT_GRACE_S):
                found = await self._found(spec, state)
        except TimeoutError:
            return _in_doubt(spec, DeadlineExceeded("nobody answered the question what became of it"))
        except InkError as error:
            return _in_doubt(spec, error)
        if found is None:
            return await self._run_again(spec, state)
        return Outcome(CallStatus.DONE, found.model_dump(mode="json"))

    async def _found(self, spec: ToolSpec, state: CallState) -> ToolValue | None:
        """Ask until there is somebody who can tell: after a restart an agent may be slow to come back."""
        assert spec.reconcile is not None
        while True:
            try:
                return await spec.reconcile(self._context(spec, state), spec.parse(state.arguments))
            except (AgentNotConnected, AgentLost):
                await asyncio.sleep(POLL_S)

    async def _run_again(self, spec: ToolSpec, state: CallState) -> Outcome:
        try:
            return await self._run(spec, state)
        except InkError as error:
            if not _leaves_doubt(error) and not isinstance(error, AgentNotConnected):
                raise
            return _in_doubt(spec, error)

    async def _worker_is_back(self, worker_id: str | None) -> None:
        """Wait until the worker answers again. Raises `AgentGone`, or `AgentLost` after the grace."""
        if worker_id is None:
            raise AgentLost("the connection to the access-point agent broke")
        try:
            async with asyncio.timeout(RECONNECT_GRACE_S):
                while not await self._answers(worker_id):  # noqa: ASYNC110 - there is nobody who could set an event
                    await asyncio.sleep(POLL_S)
        except TimeoutError:
            raise AgentLost(f"worker {worker_id} was lost and did not come back") from None

    async def _answers(self, worker_id: str) -> bool:
        ping = f"ping-{secrets.token_hex(8)}"
        try:
            await self._services.agents.call(Worker(worker_id), "worker.ping", {}, operation_id=ping, deadline_s=5.0)
        except AgentGone:
            raise
        except (AgentNotConnected, AgentLost, DeadlineExceeded):
            return False
        return True

    def _context(self, spec: ToolSpec, state: CallState) -> ToolContext:
        assert state.operation_id is not None and state.acting_as is not None
        return ToolContext(
            principal=state.principal,
            acting_as=state.acting_as,
            operation_id=state.operation_id,
            deadline_s=spec.timeout_s,
            worker_id=state.worker_id,
            services=self._services,
            leave=Leave(call_id=state.call_id, tool=spec.name),
            results=self._results,
            by_hand=state.origin.by_hand,
            session_id=session_of(state.chain),
        )


def _leaves_doubt(error: InkError) -> bool:
    """Whether the effect may have happened although the call ended in this error."""
    return isinstance(error, AgentLost | DeadlineExceeded) or (isinstance(error, AgentFault) and error.code in DOUBTFUL)


def _in_doubt(spec: ToolSpec, error: InkError) -> Outcome:
    """The end of a call that may have happened. What can be repeated without harm has simply failed."""
    if spec.idempotent:
        return _failed(error)
    message = f"{error}; nobody can tell whether this happened, so look before you repeat it"
    return Outcome(CallStatus.INDETERMINATE, error=CallError("indeterminate", message))


def _failed(error: InkError) -> Outcome:
    return Outcome(CallStatus.FAILED, error=CallError(error.code, str(error), error.retryable))
