"""Calls of the past, read back from the ledger: their facts, what was decided, and what another policy would decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from audit.ledger import Event
from audit.redaction import holds_redaction
from ink_core.errors import NotFound
from ink_core.identity.principal import Scope
from manager.gate.policy.decision import Decision, decide
from manager.gate.policy.document import Approver, Effect
from manager.gate.policy.facts import CallFacts, Origin
from manager.gate.policy.policy import Policy
from manager.gate.policy.rates import Rates
from mcp_tools.spec import Confidentiality, Risk


@dataclass(frozen=True)
class PastCall:
    """`certain` is false where arguments were redacted or erased, so that a rule may not see what it saw."""

    call_id: str
    facts: CallFacts
    effect: Effect
    rule: str
    approver: Approver
    persons: int
    policy_version: str
    certain: bool

    def is_treated_so(self, decision: Decision) -> bool:
        return (self.effect, self.approver, self.persons) == (decision.effect, decision.approver, decision.persons)


@dataclass(frozen=True)
class Past:
    """`skipped` calls were refused before the policy was asked, or recorded before it wrote down what it saw."""

    calls: Sequence[PastCall]
    skipped: int

    def call(self, call_id: str) -> PastCall:
        """Raises `NotFound`."""
        found = next((call for call in self.calls if call.call_id == call_id), None)
        if found is None:
            raise NotFound(f"the ledger holds no call {call_id} that the policy decided on")
        return found


@dataclass(frozen=True)
class Difference:
    """One call that the other policy would treat otherwise."""

    past: PastCall
    now: Decision


@dataclass(frozen=True)
class DryRun:
    """What another policy would have said of `calls` calls, of which `uncertain` are known in part only."""

    calls: int
    uncertain: int
    differences: Sequence[Difference]


def past_calls(events: Iterable[Event]) -> Past:
    """The calls that the policy decided on, in the order of time."""
    found = [past_call(event) for event in events if event.kind == "call.proposed"]
    calls = sorted((call for call in found if call), key=lambda call: call.facts.time)
    return Past(calls, len(found) - len(calls))


def past_call(event: Event) -> PastCall | None:
    """The call of a `call.proposed`, where it holds a decision."""
    body = cast("Mapping[str, Any]", event.body)
    decision = body.get("decision")
    if not decision:
        return None
    facts = facts_of(event)
    return PastCall(
        call_id=body["call_id"],
        facts=facts,
        effect=Effect(decision["effect"]),
        rule=decision["rule"],
        approver=Approver(decision.get("approver", Approver.ADMINISTRATOR)),
        persons=decision["persons"],
        policy_version=decision["policy_version"],
        certain=not holds_redaction(dict(facts.arguments)),
    )


def facts_of(event: Event) -> CallFacts:
    """What the policy saw, from a `call.proposed` with a decision."""
    body = cast("Mapping[str, Any]", event.body)
    recorded: Mapping[str, Any] = body["decision"]["facts"]
    arguments = body.get("final_arguments") or body["arguments"]
    cluster = arguments.get("cluster")
    return CallFacts(
        tool=body["tool"],
        risk=Risk(body["risk"]),
        origin=Origin(body["origin"]),
        username=body["principal"],
        is_admin=body["authority"]["is_admin"],
        scopes=frozenset(map(Scope, body["authority"]["scopes"])),
        arguments=arguments,
        owners=frozenset(recorded["owners"]),
        target_count=recorded["target_count"],
        time=event.time,
        session=event.chain,
        task=recorded["task"],
        cluster=cluster if isinstance(cluster, str) else None,
        untrusted_arguments=frozenset(recorded["untrusted_arguments"]),
        confidentiality=Confidentiality(recorded["confidentiality"]),
        shown_to_others=recorded.get("shown_to_others", False),
        jobs=recorded["jobs"],
        cpu_hours=recorded["cpu_hours"],
        home=recorded.get("home"),
        workspace=recorded.get("workspace"),
    )


def dry_run(policy: Policy, past: Past, since: datetime) -> DryRun:
    """Decide again, with the policy's own rates, on the calls at or after `since`; those before count for rates only.

    What the policy lets go is taken to be done, what it asks for is not.
    """
    rates, differences = Rates().under(policy), list[Difference]()
    tried = [call for call in past.calls if call.facts.time >= since]
    for call in past.calls:
        now = decide(policy, call.facts, rates)
        if now.effect is Effect.ALLOW:
            rates.take(call.call_id, call.facts)
        if call.facts.time >= since and not call.is_treated_so(now):
            differences.append(Difference(call, now))
    return DryRun(len(tried), sum(not call.certain for call in tried), differences)
