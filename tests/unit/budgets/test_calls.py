"""Tool calls and their jobs against the budgets, with the real gate and the real database."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from audit.ledger import ChainMoved, Event, Record
from audit.memory import MemoryLedger
from ink_core.errors import Conflict
from manager.budgets.accounts import BudgetExhausted
from manager.budgets.amounts import MOST_CPU_S, Amounts, Limits
from manager.budgets.desk import SiteLimits
from manager.budgets.submissions import UNSEEN
from manager.gate.call import CallStatus
from manager.gate.policy import Origin
from tests.doubles.empty_database import empty_database
from tests.unit.budgets.setting import Setting

HOURS_8 = 8 * 3600


class MovesOnce(MemoryLedger):
    """Another manager sets a lock just before the first intent is written."""

    moves = 1

    async def append(self, chain: str, *records: Record) -> tuple[Event, ...]:
        if self.moves and any(record.kind == "call.intent" for record in records):
            self.moves -= 1
            raise ChainMoved("the locks have changed")
        return await super().append(chain, *records)


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Setting]:
    database = empty_database(f"sqlite:///{tmp_path}/ink.db")
    yield Setting(database)
    database.close()


@pytest.mark.requirement("AGENT-BUDGET-01")
async def test_a_call_reserves_what_it_may_take_and_is_settled_by_what_it_took(at: Setting) -> None:
    at.hold = asyncio.Event()
    await at.start()
    await at.propose("c-1", count=2)
    assert await at.month() == (Amounts(), Amounts(calls=1, wall_ms=5000, cpu_s=HOURS_8))
    at.hold.set()
    await at.gate.wait("c-1", 100)
    assert await at.month() == (Amounts(calls=1, wall_ms=1500), Amounts(cpu_s=HOURS_8))


async def test_a_call_that_is_decided_again_is_let_through_and_reserves_once(at: Setting) -> None:
    at.ledger, at.hold = MovesOnce(at.clock), asyncio.Event()
    await at.start()
    await at.propose("c-1", count=2)
    assert await at.month() == (Amounts(), Amounts(calls=1, wall_ms=5000, cpu_s=HOURS_8))
    at.hold.set()
    assert (await at.gate.wait("c-1", 100)).status is CallStatus.DONE


async def test_who_asks_for_more_than_can_be_counted_keeps_nobody_else_out(at: Setting) -> None:
    at.limits = SiteLimits(site=Limits(calls=9))
    await at.start()
    for call_id in ("c-1", "c-2"):
        await at.propose(call_id, count=35 * 10**13)  # each fits 64 bits, and their sum does not
    assert (await at.submit("c-3")).status is CallStatus.DONE


@pytest.mark.requirement("AGENT-BUDGET-01")
async def test_a_job_that_says_it_took_more_than_can_be_counted_keeps_nobody_else_out(at: Setting) -> None:
    await at.start()
    await at.submit("c-1", count=2)
    for job_id in ("7.0", "7.1"):
        await at.job_ended("c-1", job_id, hours=400_000, cpus=2**53)
    spent, reserved = await at.month()
    assert (spent.cpu_s, reserved.cpu_s) == (2 * MOST_CPU_S, 0)


@pytest.mark.requirement("AGENT-BUDGET-01")
async def test_cpu_hours_are_settled_by_what_the_jobs_took(at: Setting) -> None:
    await at.start()
    await at.submit("c-1", count=2)
    await at.job_ended("c-1", "7.0", hours=1)
    assert await at.month() == (Amounts(calls=1, wall_ms=1500, cpu_s=7200), Amounts(cpu_s=HOURS_8 // 2))
    await at.job_ended("c-1", "7.0", hours=1)
    await at.job_ended("c-1", "7.1", hours=0.5, started_at=None)
    assert await at.month() == (Amounts(calls=1, wall_ms=1500, cpu_s=7200), Amounts())


async def test_a_dag_is_settled_by_its_nodes_and_ends_with_the_job_that_manages_it(at: Setting) -> None:
    await at.start()
    await at.submit("c-1", count=5, dag="9.0")
    await at.job_ended("c-1", "10.0", dag="9.0", dag_node="A", operation_id=None)
    await at.job_ended("c-1", "9.0", hours=30, dag="9.0")
    await at.job_ended("c-1", "11.0", dag="9.0", dag_node="B", operation_id=None)
    assert await at.month() == (Amounts(calls=1, wall_ms=1500, cpu_s=2 * 7200), Amounts())


async def test_a_job_of_somebody_else_that_bears_the_operation_costs_nothing(at: Setting) -> None:
    await at.start()
    await at.submit("c-1")
    await at.job_ended("c-1", "8.0", owner="mallory")
    await at.job_ended("c-1", "8.1", cluster="elsewhere")
    assert await at.month() == (Amounts(calls=1, wall_ms=1500), Amounts(cpu_s=HOURS_8 // 2))


async def test_a_job_may_end_before_the_call_that_submitted_it(at: Setting) -> None:
    at.hold = asyncio.Event()
    await at.start()
    await at.propose("c-1")
    await at.job_ended("c-1", "7.0")
    at.hold.set()
    await at.gate.wait("c-1", 100)
    assert await at.month() == (Amounts(calls=1, wall_ms=1500, cpu_s=7200), Amounts())


async def test_jobs_whose_end_nobody_saw_count_as_having_taken_all_in_the_end(at: Setting) -> None:
    await at.start()
    await at.submit("c-1")
    at.clock.advance((UNSEEN + timedelta(days=1)).total_seconds())
    await at.desk.forget()
    spent, reserved = await at.month()
    assert (spent.cpu_s, reserved) == (HOURS_8 // 2, Amounts())


@pytest.mark.requirement("AGENT-BUDGET-01")
@pytest.mark.parametrize(
    ("measure", "limits", "first"),
    [
        ("tool calls", Limits(calls=1), 1),
        ("wall time", Limits(wall_ms=6000), 1),
        ("CPU-hours", Limits(cpu_s=HOURS_8), 2),
    ],
)
async def test_a_call_that_does_not_fit_is_not_let_through(
    at: Setting, measure: str, limits: Limits, first: int
) -> None:
    at.limits = SiteLimits(user=limits)
    await at.start()
    assert (await at.submit("c-1", count=first)).status is CallStatus.DONE
    with pytest.raises(BudgetExhausted, match=measure):
        await at.propose("c-2")
    assert not at.gate.book.knows("c-2")
    refused = await at.propose("c-3", Origin.REST)
    assert refused.error is not None
    assert (refused.status, refused.error.code) == (CallStatus.REFUSED, "budget_exhausted")
    await at.desk.raise_user("alice", Limits(), "admin")
    assert (await at.submit("c-2")).status is CallStatus.DONE


async def test_what_a_person_does_in_the_page_counts_for_its_jobs_alone(at: Setting) -> None:
    at.limits = SiteLimits(user=Limits(calls=0, cpu_s=HOURS_8))
    await at.start()
    assert (await at.submit("c-1", Origin.USER, count=2)).status is CallStatus.DONE
    assert await at.month() == (Amounts(), Amounts(cpu_s=HOURS_8))
    refused = await at.propose("c-2", Origin.USER)
    assert refused.error is not None
    assert refused.error.code == "budget_exhausted"


async def test_a_call_that_fails_counts_and_gives_its_jobs_back_and_one_in_doubt_keeps_them(at: Setting) -> None:
    await at.start()
    at.error = Conflict("no")
    await at.submit("c-1")
    assert await at.month() == (Amounts(calls=1, wall_ms=1500), Amounts())
    at.error = RuntimeError("a defect of the tool")
    assert (await at.submit("c-2")).status is CallStatus.INDETERMINATE
    assert await at.month() == (Amounts(calls=2, wall_ms=3000), Amounts(cpu_s=HOURS_8 // 2))


async def test_a_call_that_nobody_approves_gives_back_what_was_reserved(at: Setting) -> None:
    await at.start()
    waiting = await at.propose("c-1", owner="bob")
    assert waiting.status is CallStatus.WAITING_APPROVAL
    assert (await at.month())[1].calls == 1
    await at.gate.withdraw("c-1", "alice")
    assert await at.month() == (Amounts(), Amounts())


@pytest.mark.requirement("AGENT-BUDGET-01")
async def test_after_a_crash_the_ledger_tells_what_was_used_and_what_is_still_reserved(at: Setting) -> None:
    await at.start()
    await at.submit("c-1", count=2)
    await at.propose("c-2", owner="bob")
    await at.gate.close()
    at.limits = SiteLimits(session=Limits(calls=2))
    await at.start()
    assert await at.month() == (
        Amounts(calls=1, wall_ms=1500),
        Amounts(calls=1, wall_ms=5000, cpu_s=HOURS_8 + HOURS_8 // 2),
    )
    with pytest.raises(BudgetExhausted, match="session s1"):
        await at.propose("c-3")
    await at.gate.close()
    await at.start()
    assert (await at.month())[0] == Amounts(calls=1, wall_ms=1500)
