"""What `ink usage` says of the budget of the month."""

from __future__ import annotations

from manager.api.measures import budget_of
from manager.budgets.accounts import Balance
from manager.budgets.amounts import Amounts, Limits
from manager.usage_commands import budget_lines


def test_every_measure_is_told_with_what_is_reserved_and_its_limit() -> None:
    limits, spent = Limits.given(tokens=5_000_000, cpu_hours=100), Amounts(812_345, 1_350_000, 118, 412_500, 130_500)
    balance = Balance("user alice", limits, spent, Amounts(cpu_s=7200))
    assert budget_lines(budget_of(balance).model_dump()) == [
        "this month:",
        "  812,345 tokens (limit: 5,000,000)",
        "  1.35 money (limit: none)",
        "  118 calls (limit: none)",
        "  412.50 s of wall time (limit: none)",
        "  38.25 CPU-hours, 2.00 of it reserved (limit: 100.00)",
    ]


def test_what_a_few_questions_cost_is_not_told_as_nothing() -> None:
    balance = Balance("user alice", Limits(), Amounts(money=2420), Amounts())
    assert "  0.002420 money (limit: none)" in budget_lines(budget_of(balance).model_dump())
