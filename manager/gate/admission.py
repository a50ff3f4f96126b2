"""The first half of the gate: from a proposed call to a refusal, a request for approval or leave to go on.

Reads only (a preview may look at the queue mirror or stat a file); writes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from ink_core.errors import DeadlineExceeded, Forbidden, InkError
from ink_core.identity.principal import Principal
from manager.gate.policy import CallFacts, Decision, Origin, Policy, decide
from mcp_tools.catalogue import Catalogue
from mcp_tools.context import Services, ToolContext
from mcp_tools.spec import Confidentiality, Preview, ToolSpec, ToolValue

PREVIEW_DEADLINE_S = 25.0
"""Longer than the start of a user's access-point agent, which a preview may be the first to need."""


class ScopeMissing(Forbidden):
    code = "scope_missing"


class NotYourWorker(Forbidden):
    code = "not_your_worker"


class DeniedByPolicy(Forbidden):
    code = "denied_by_policy"


@dataclass(frozen=True)
class Proposal:
    """A call that somebody wants. `chain` is the ledger chain it is recorded in.

    `untrusted_arguments` and `confidentiality` are what is known of the labels of its arguments and its conversation.
    """

    call_id: str
    tool: str
    arguments: Mapping[str, JsonValue]
    principal: Principal
    origin: Origin
    chain: str
    worker_id: str | None = None
    model_call_id: str | None = None
    task: str | None = None
    untrusted_arguments: frozenset[str] = frozenset()
    confidentiality: Confidentiality = Confidentiality.PUBLIC


@dataclass(frozen=True)
class Admitted:
    """A call that the policy has decided on: it goes on at once (allow), after approval (ask) or not at all (deny)."""

    spec: ToolSpec
    facts: CallFacts
    preview: Preview
    decision: Decision

    @property
    def arguments(self) -> Mapping[str, JsonValue]:
        """The final ones."""
        return self.facts.arguments


async def admit(
    proposal: Proposal, catalogue: Catalogue, policy: Policy, services: Services, now: datetime
) -> Admitted:
    """Validate, resolve, preview and decide. Raises an `InkError` where a call cannot even be decided on."""
    spec = catalogue.get(proposal.tool)
    given = spec.parse(proposal.arguments)
    missing = spec.scopes - proposal.principal.scopes
    if missing:
        needed = ", ".join(sorted(missing))
        raise ScopeMissing(f"{spec.name} needs the scope {needed}, which this credential does not have")
    _check_worker(proposal, services)
    resolved, preview = await _resolve(spec, given, _reading_context(proposal, services))
    arguments: dict[str, JsonValue] = resolved.model_dump(mode="json")
    facts = _facts(proposal, spec, arguments, preview, now)
    return Admitted(spec, facts, preview, decide(policy, facts))


def refusal(decision: Decision) -> InkError:
    """The error that a denied call ends in."""
    return DeniedByPolicy(f"{decision.reason} (rule {decision.rule})")


def _check_worker(proposal: Proposal, services: Services) -> None:
    """A call reaches its own user's workers only."""
    worker_id = proposal.worker_id
    if worker_id and services.launcher.workspace(proposal.principal.username, worker_id) is None:
        raise NotYourWorker(f"you have no worker {worker_id}; choose one of yours")


async def _resolve(spec: ToolSpec, given: ToolValue, context: ToolContext) -> tuple[ToolValue, Preview]:
    try:
        async with asyncio.timeout(PREVIEW_DEADLINE_S):
            resolved = await spec.resolve(context, given) if spec.resolve else given
            preview = await spec.preview(context, resolved) if spec.preview else Preview(summary=spec.title)
    except TimeoutError as error:
        raise DeadlineExceeded(f"looking at what {spec.name} would do took over {PREVIEW_DEADLINE_S:.0f} s") from error
    return resolved, preview


def _reading_context(proposal: Proposal, services: Services) -> ToolContext:
    return ToolContext(
        principal=proposal.principal,
        acting_as=proposal.principal.username,
        operation_id=f"preview-{proposal.call_id}",
        deadline_s=PREVIEW_DEADLINE_S,
        worker_id=proposal.worker_id,
        services=services,
        permit=None,
    )


def _facts(
    proposal: Proposal, spec: ToolSpec, arguments: Mapping[str, JsonValue], preview: Preview, now: datetime
) -> CallFacts:
    principal = proposal.principal
    cluster = arguments.get("cluster")
    return CallFacts(
        tool=spec.name,
        risk=spec.risk,
        origin=proposal.origin,
        username=principal.username,
        is_admin=principal.is_admin,
        arguments=arguments,
        owners=frozenset(preview.owners),
        target_count=len(preview.targets),
        time=now,
        scopes=principal.scopes,
        session=proposal.chain,
        task=proposal.task,
        cluster=cluster if isinstance(cluster, str) else None,
        untrusted_arguments=proposal.untrusted_arguments,
        confidentiality=proposal.confidentiality,
    )
