"""Rates: what was let go before counts, in a sliding window, per user or conversation, also after a restart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from audit.ledger import Event
from manager.gate.policy import Decision, Effect, Policy, decide
from manager.gate.policy import rates as rates_module
from manager.gate.policy.rates import Rates
from manager.gate.policy.record import decided_body
from tests.doubles.policy_calls import call, policy, rule

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
ALLOW = rule("allow", "all")


def storm(over: float = 3, **rate: Any) -> Policy:
    return policy(ALLOW, rule("throttle", "storm", {"tools": ["list_*"], "rate": {"over": over, "per": "1m", **rate}}))


class Caller:
    """Asks one policy, and takes what it lets go."""

    def __init__(self, limits: Policy) -> None:
        self.policy, self.rates, self.asked = limits, Rates(), 0

    def ask(self, at_s: float = 0, **changes: Any) -> Decision:
        facts = call(**{"tool": "list_jobs", "time": START + timedelta(seconds=at_s), **changes})
        decision = decide(self.policy, facts, self.rates.under(self.policy))
        self.asked += 1
        if decision.effect is Effect.ALLOW:
            self.rates.take(f"c-{self.asked}", facts)
        return decision


def test_calls_beyond_the_rate_wait_until_there_is_room_and_no_longer() -> None:
    caller = Caller(storm())
    assert [caller.ask(second).effect for second in (0, 10, 20)] == [Effect.ALLOW] * 3
    refused = caller.ask(30)
    assert (refused.effect, refused.rule) == (Effect.THROTTLE, "storm")
    assert refused.retry_after_s == pytest.approx(31, abs=1)
    assert caller.ask(30 + 31.1).effect is Effect.ALLOW
    assert caller.ask(30 + 31.2).effect is Effect.THROTTLE


def test_refused_calls_do_not_make_the_wait_longer() -> None:
    caller = Caller(storm())
    for second in range(50):
        caller.ask(second)
    assert caller.ask(61).effect is Effect.ALLOW


def test_each_user_or_conversation_has_its_own_rate() -> None:
    by_user, by_session = Caller(storm(over=1)), Caller(storm(over=1, by="session"))
    by_user.ask()
    by_session.ask()
    assert by_user.ask(session="session:s2").effect is Effect.THROTTLE
    assert by_user.ask(username="bob").effect is Effect.ALLOW
    assert by_session.ask(session="session:s2").effect is Effect.ALLOW
    assert by_session.ask(username="bob").effect is Effect.THROTTLE


def test_only_the_tools_of_the_rule_count() -> None:
    caller = Caller(storm(over=1))
    caller.ask(tool="submit_job")
    assert caller.ask().effect is Effect.ALLOW


@pytest.mark.parametrize(
    ("of", "spent"), [("targets", {"target_count": 4}), ("jobs", {"jobs": 4}), ("cpu_hours", {"cpu_hours": 4.0})]
)
def test_targets_jobs_and_cpu_hours_are_counted_too(of: str, spent: dict[str, Any]) -> None:
    none = {"target_count": 0}
    caller = Caller(storm(over=9, of=of))
    assert [caller.ask(**{**none, **spent}).effect for _ in range(3)] == [Effect.ALLOW, Effect.ALLOW, Effect.THROTTLE]
    assert caller.ask(**none).effect is Effect.ALLOW, "a call that takes nothing has room"


def test_what_is_too_much_alone_is_never_told_to_wait() -> None:
    decision = Caller(storm(over=9, of="jobs")).ask(jobs=10)
    assert (decision.effect, decision.retry_after_s) == (Effect.THROTTLE, None)


def recorded(call_id: str, at_s: float, **changes: Any) -> list[Event]:
    """What the ledger holds of a call that was let go."""
    facts = call(**{"tool": "list_jobs", "time": START + timedelta(seconds=at_s), **changes})
    decision = decided_body(decide(policy(ALLOW), facts), facts)
    proposed = {"call_id": call_id, "tool": facts.tool, "principal": facts.username, "decision": decision}
    bodies = (("call.proposed", proposed), ("call.intent", {"call_id": call_id}))
    return [Event(facts.session or "", 1, kind, facts.time, body, "", "") for kind, body in bodies]


def test_a_fold_of_the_ledger_counts_as_the_calls_did_whatever_order_its_chains_are_read_in() -> None:
    caller = Caller(storm())
    for number, second in enumerate((20, 0, 10)):
        caller.rates.fold(recorded(f"c-{number}", second, session=f"session:{number}"))
    assert caller.ask(30).effect is Effect.THROTTLE
    assert caller.ask(62).effect is Effect.ALLOW


def test_a_call_counts_once_and_one_that_waited_for_approval_from_when_it_runs() -> None:
    caller = Caller(storm(over=2))
    caller.ask()
    caller.rates.fold(recorded("c-1", 0))
    assert caller.ask().effect is Effect.ALLOW, "taken and folded is one"
    waiting, approved = recorded("c-9", 50)
    caller.rates.fold([waiting])
    assert caller.ask(62).effect is Effect.ALLOW
    caller.rates.fold([approved])
    assert caller.ask(63).effect is Effect.THROTTLE


def test_a_changed_policy_counts_what_was_before_it() -> None:
    caller = Caller(policy(ALLOW))
    caller.ask()
    caller.ask()
    caller.policy = storm(over=2)
    assert caller.ask(1).effect is Effect.THROTTLE


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KEPT_SPENDS", "KEPT_KEYS", "KEPT_TAKEN"):
        monkeypatch.setattr(rates_module, name, 5)
    caller = Caller(storm(over=1))
    for number in range(50):
        caller.ask(number, username=f"user-{number}")
    assert caller.ask(50, username="user-49").effect is Effect.THROTTLE, "the latest are kept"
    assert caller.ask(50, username="user-1").effect is Effect.ALLOW
    caller.policy = storm(over=1)
    assert caller.ask(51, username="user-49").effect is Effect.THROTTLE
    assert caller.ask(51, username="user-40").effect is Effect.ALLOW
