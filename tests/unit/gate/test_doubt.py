"""What may have happened is never called failed, and is never done twice: losses and faults after the effect."""

from __future__ import annotations

import pytest

from ink_core.errors import AgentFault, AgentLost, AgentNotConnected, DeadlineExceeded, InkError
from manager.gate.call import CallState, CallStatus
from manager.gate.dispatch import DOUBTFUL
from mcp_tools.context import ToolContext
from tests.unit.gate.test_gate import Job, Removed, Setting, ended, proposal

IN_DOUBT: list[InkError] = [
    DeadlineExceeded("late"),
    *(AgentFault("said by the agent", code=code, retryable=True) for code in sorted(DOUBTFUL)),
]


class After:
    """Removes a job, and then the answer is an error: of each attempt the next one, and none when there is no more."""

    def __init__(self, setting: Setting, *errors: InkError, happens: bool = True) -> None:
        self.world, self.errors, self.happens = setting.world, list(errors), happens

    async def remove(self, context: ToolContext, job: Job) -> Removed:
        if self.happens or not self.errors:
            self.world.removed.append(job.job_id)
        if self.errors:
            raise self.errors.pop(0)
        return Removed(job_id=job.job_id)


async def outcome(setting: Setting, after: After, *, reconcile: bool = False, idempotent: bool = False) -> CallState:
    asks = setting.world.reconcile if reconcile else None
    gate = setting.gate(run=after.remove, reconcile=asks, idempotent=idempotent)
    await gate.propose(proposal())
    return await ended(gate)


@pytest.mark.requirement("GATE-WAY-04")
@pytest.mark.requirement("CORE-JOBS-05")
@pytest.mark.parametrize("error", IN_DOUBT, ids=lambda error: f"{type(error).__name__} {error.code}")
async def test_what_was_done_before_the_error_is_found_and_not_repeated(error: InkError) -> None:
    setting = Setting()
    state = await outcome(setting, After(setting, error), reconcile=True)
    assert (state.status, setting.world.removed) == (CallStatus.DONE, ["1.0"])


@pytest.mark.requirement("GATE-WAY-04")
@pytest.mark.requirement("GATE-WAY-06")
@pytest.mark.parametrize("error", IN_DOUBT, ids=lambda error: f"{type(error).__name__} {error.code}")
async def test_without_anybody_to_ask_it_is_indeterminate(error: InkError) -> None:
    setting = Setting()
    state = await outcome(setting, After(setting, error))
    assert (state.status, setting.world.removed) == (CallStatus.INDETERMINATE, ["1.0"])
    assert state.error is not None
    assert not state.error.retryable


@pytest.mark.requirement("GATE-WAY-04")
@pytest.mark.parametrize(
    "second", [AgentLost("again"), *IN_DOUBT], ids=lambda error: f"{type(error).__name__} {error.code}"
)
async def test_a_second_loss_after_nothing_was_found_is_indeterminate(second: InkError) -> None:
    setting = Setting()
    state = await outcome(setting, After(setting, AgentLost("gone"), second, happens=False), reconcile=True)
    assert (state.status, setting.world.removed) == (CallStatus.INDETERMINATE, [])


async def test_what_can_be_repeated_without_harm_has_failed_and_may_be_tried_again() -> None:
    setting = Setting()
    late = AgentFault("late", code="deadline_exceeded", retryable=True)
    state = await outcome(setting, After(setting, late), idempotent=True)
    assert state.error is not None
    assert (state.status, state.error.code, state.error.retryable) == (CallStatus.FAILED, "deadline_exceeded", True)


async def test_a_clear_refusal_of_the_agent_has_failed() -> None:
    setting = Setting()
    refused = AgentFault("not there", code="not_found", retryable=False)
    state = await outcome(setting, After(setting, refused, happens=False), reconcile=True)
    assert state.error is not None
    assert (state.status, state.error.code, setting.world.removed) == (CallStatus.FAILED, "not_found", [])


@pytest.mark.requirement("GATE-WAY-04")
async def test_who_cannot_tell_yet_is_asked_again() -> None:
    setting, silent = Setting(), [AgentNotConnected("not yet"), AgentLost("again")]

    async def asked(context: ToolContext, job: Job) -> Removed | None:
        if silent:
            raise silent.pop()
        return await setting.world.reconcile(context, job)

    gate = setting.gate(run=After(setting, AgentLost("gone")).remove, reconcile=asked)
    await gate.propose(proposal())
    state = await ended(gate)
    assert (state.status, setting.world.removed, silent) == (CallStatus.DONE, ["1.0"], [])


@pytest.mark.requirement("GATE-WAY-04")
async def test_who_will_never_tell_leaves_it_indeterminate_at_once() -> None:
    async def asked(context: ToolContext, job: Job) -> Removed | None:
        raise AgentFault("what call?", code="bad_call", retryable=False)

    setting = Setting()
    gate = setting.gate(run=After(setting, AgentLost("gone")).remove, reconcile=asked)
    await gate.propose(proposal())
    state = await ended(gate)
    assert (state.status, setting.world.removed) == (CallStatus.INDETERMINATE, ["1.0"])
