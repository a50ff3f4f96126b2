"""How a decision stands in the ledger, with the facts it was made from, so that it can be explained and made again.

What `call.proposed` says beside it (tool, user, origin, risk, arguments, final arguments) is not written twice.
"""

from __future__ import annotations

from pydantic import JsonValue

from manager.gate.policy.decision import Decision
from manager.gate.policy.facts import CallFacts


def decided_body(decision: Decision, facts: CallFacts) -> dict[str, JsonValue]:
    return {
        "effect": decision.effect.value,
        "rule": decision.rule,
        "risk": decision.risk.value,
        "policy_version": decision.policy_version,
        "approver": decision.approver.value,
        "persons": decision.persons,
        "fresh_login_s": decision.fresh_login_s,
        "retry_after_s": decision.retry_after_s,
        "trace": [[looked.rule, looked.found] for looked in decision.trace],
        "facts": _facts_body(facts),
    }


def _facts_body(facts: CallFacts) -> dict[str, JsonValue]:
    body: dict[str, JsonValue] = {
        "owners": list[JsonValue](sorted(facts.owners)),
        "target_count": facts.target_count,
        "confidentiality": facts.confidentiality.value,
        "untrusted_arguments": list[JsonValue](sorted(facts.untrusted_arguments)),
        "task": facts.task,
        "jobs": facts.jobs,
        "cpu_hours": facts.cpu_hours,
    }
    if facts.shown_to_others:
        body["shown_to_others"] = True
    if facts.home or facts.workspace:
        body |= {"home": facts.home, "workspace": facts.workspace}
    return body
