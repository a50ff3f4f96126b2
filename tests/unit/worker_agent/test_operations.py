"""Effects happen at most once, deadlines hold, and memory is bounded."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from worker_agent.faults import fault
from worker_agent.operations import Operations
from worker_agent.protocol import Call, OperationState, PackError, ProcessKilled

Work = Callable[[], Awaitable[ProcessKilled]]


def call(operation: str = "operation-1", *, epoch: int = 1, deadline_s: float = 5) -> Call:
    return Call(operation_id=operation, epoch=epoch, deadline_s=deadline_s)


class Counted:
    """Work that counts how often it was done and can be held back."""

    def __init__(self, *, held: bool = False) -> None:
        self.times = 0
        self.cancelled = False
        self.go_on = asyncio.Event()
        if not held:
            self.go_on.set()

    async def __call__(self) -> ProcessKilled:
        self.times += 1
        try:
            await self.go_on.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        return ProcessKilled(target=f"operation-{self.times}", was_running=True)


@pytest.fixture
async def operations() -> Operations:
    operations = Operations()
    operations.epoch = 1
    return operations


@pytest.mark.requirement("WORKER-RPC-02")
async def test_a_duplicate_returns_the_first_outcome_and_does_not_run_again(operations: Operations) -> None:
    work = Counted()
    first = await operations.perform(call(), 7, work)
    assert await operations.perform(call(), 7, work) == first == {"target": "operation-1", "was_running": True}
    assert work.times == 1


@pytest.mark.requirement("WORKER-RPC-02")
async def test_a_duplicate_of_a_running_operation_awaits_it(operations: Operations) -> None:
    work = Counted(held=True)
    both = asyncio.gather(operations.perform(call(), 7, work), operations.perform(call(), 7, work))
    await asyncio.sleep(0)
    assert operations.running == ("operation-1",)
    work.go_on.set()
    first, second = await both
    assert (first, work.times, operations.running) == (second, 1, ())


async def test_a_failure_is_an_outcome_too(operations: Operations) -> None:
    async def fail() -> ProcessKilled:
        raise fault("not_found", "It is not there.")

    for _ in range(2):
        with pytest.raises(PackError, match="not there"):
            await operations.perform(call(), 7, fail)
    outcome = operations.outcome("operation-1")
    assert outcome.state is OperationState.FAILED
    assert outcome.fault is not None and outcome.fault.code == "not_found"


async def test_an_unforeseen_exception_does_not_leave_the_agent(
    operations: Operations, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail() -> ProcessKilled:
        raise RuntimeError("the inner secret")

    with pytest.raises(PackError) as failed:
        await operations.perform(call(), 7, fail)
    assert failed.value.fault.code == "internal_error"
    assert "inner secret" not in failed.value.fault.message
    assert "inner secret" in caplog.text


async def test_an_operation_id_cannot_stand_for_two_calls(operations: Operations) -> None:
    await operations.perform(call(), 7, Counted())
    with pytest.raises(PackError) as refused:
        await operations.perform(call(), 8, Counted())
    assert refused.value.fault.code == "operation_id_reused"


async def test_a_stale_epoch_is_refused_before_anything_is_done(operations: Operations) -> None:
    work = Counted()
    operations.epoch = 2
    with pytest.raises(PackError) as refused:
        await operations.perform(call(epoch=1), 7, work)
    assert (refused.value.fault.code, work.times) == ("stale_epoch", 0)


async def test_past_the_deadline_the_work_is_cancelled_and_the_caller_told(operations: Operations) -> None:
    work = Counted(held=True)
    with pytest.raises(PackError) as late:
        await operations.perform(call(deadline_s=0.01), 7, work)
    assert late.value.fault.code == "deadline_exceeded"
    await asyncio.sleep(0)
    assert work.cancelled
    assert operations.outcome("operation-1").state is OperationState.FAILED


async def test_the_deadline_of_a_duplicate_does_not_cancel_the_first_call(operations: Operations) -> None:
    work = Counted(held=True)
    first = asyncio.ensure_future(operations.perform(call(), 7, work))
    await asyncio.sleep(0)
    with pytest.raises(PackError) as late:
        await operations.perform(call(deadline_s=0.01), 7, work)
    assert late.value.fault.code == "deadline_exceeded"
    work.go_on.set()
    assert await first == {"target": "operation-1", "was_running": True}


async def test_old_results_are_dropped_but_their_operations_still_do_not_run_again() -> None:
    operations = Operations(most_bytes=100)
    operations.epoch = 1
    for number in range(4):
        await operations.perform(call(f"operation-{number}"), number, Counted())
    repeated = Counted()
    with pytest.raises(PackError) as forgotten:
        await operations.perform(call("operation-0"), 0, repeated)
    assert (forgotten.value.fault.code, repeated.times) == ("outcome_forgotten", 0)
    assert await operations.perform(call("operation-3"), 3, repeated) is not None


async def test_the_number_of_remembered_operations_is_bounded() -> None:
    operations = Operations(most_ids=10)
    operations.epoch = 1
    for number in range(50):
        await operations.perform(call(f"operation-{number}"), number, Counted())
    known = [n for n in range(50) if operations.outcome(f"operation-{n}").state is not OperationState.UNKNOWN]
    assert known == list(range(40, 50))


async def test_too_many_operations_at_once_are_refused() -> None:
    operations = Operations(most_running=2)
    operations.epoch = 1
    work = Counted(held=True)
    running = [asyncio.ensure_future(operations.perform(call(f"operation-{n}"), n, work)) for n in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(PackError) as refused:
        await operations.perform(call("operation-9"), 9, work)
    assert (refused.value.fault.code, refused.value.fault.retryable) == ("too_many_operations", True)
    work.go_on.set()
    await asyncio.gather(*running)
