"""The first half of the gate: from a proposed call to a refusal, a request for approval or leave to go on.

Reads only (a preview may look at the queue mirror or stat a file); writes nothing.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from pydantic import JsonValue

from audit.chains import session_of
from ink_core.clock import Clock
from ink_core.errors import DeadlineExceeded, Forbidden, InkError, Throttled
from ink_core.identity.principal import Principal
from ink_core.labels import Confidentiality, Label, most_confidential
from manager.gate.policy import CallFacts, Decision, Effect, Origin, Policy, decide, throttled_unseen
from manager.gate.policy.usage import Usage
from mcp_tools.catalogue import Catalogue
from mcp_tools.context import Results, Services, ToolContext
from mcp_tools.result_labels import result_label
from mcp_tools.spec import Preview, ToolSpec, ToolValue

SCRATCH = Confidentiality.SCRATCH
PREVIEW_DEADLINE_S = 25.0
"""Longer than the start of a user's access-point agent, which a preview may be the first to need."""


class ScopeMissing(Forbidden):
    code = "scope_missing"


class ToolNotGranted(Forbidden):
    """The agent that made the call was given fewer tools than its user has."""

    code = "tool_not_granted"


class NotYourWorker(Forbidden):
    code = "not_your_worker"


class DeniedByPolicy(Forbidden):
    code = "denied_by_policy"


class TrustChangeNeeded(Forbidden):
    """The call's result would be more confidential than the conversation's model may see; nothing was looked at."""

    code = "trust_change_needed"


class NotForThisServer(Forbidden):
    """The conversation has seen more confidential data than the foreign server of this tool may see."""

    code = "not_for_this_server"


class LookFailed(Exception):
    """What was found in the way while looking at what a call would do; it may say something of what lies there."""

    def __init__(self, error: InkError, label: Label) -> None:
        super().__init__(str(error))
        self.error = error
        self.label = label


@dataclass(frozen=True)
class Proposal:
    """A call that somebody wants. `chain` is the ledger chain it is recorded in.

    `untrusted_arguments` and `confidentiality` are what is known of the labels of its arguments and its conversation.
    `tools` are those that its agent may use at most; None for all. `agent` names a sub-agent that makes it.
    `readers` are all who read its conversation, `authors` who wrote to it, each beside its own user.
    `clearance` is the highest that the model of the conversation may see; None where no model does.
    `request_sha256` is the digest of a request that came with a key of its client's.
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
    tools: frozenset[str] | None = None
    agent: str | None = None
    untrusted_arguments: frozenset[str] = frozenset()
    confidentiality: Confidentiality = Confidentiality.PUBLIC
    readers: frozenset[str] = frozenset()
    authors: frozenset[str] = frozenset()
    clearance: Confidentiality | None = None
    request_sha256: str | None = None


@dataclass(frozen=True)
class Admitted:
    """A call that the policy has decided on: it goes on at once (allow), after approval (ask) or not at all (deny).

    `relies` is what that was decided on, for `Record.relies`.
    """

    spec: ToolSpec
    facts: CallFacts
    preview: Preview
    decision: Decision
    label: Label
    relies: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def arguments(self) -> Mapping[str, JsonValue]:
        """The final ones."""
        return self.facts.arguments


async def admit(
    proposal: Proposal,
    catalogue: Catalogue,
    policy: Policy,
    services: Services,
    results: Results,
    usage: Usage,
    clock: Clock,
) -> Admitted:
    """Validate, resolve, preview and decide. Raises an `InkError` where a call cannot even be decided on.

    Raises `LookFailed` where that is what a look at the call's targets brought.
    """
    spec = catalogue.get(proposal.tool)
    given = spec.parse(proposal.arguments)
    missing = spec.scopes - proposal.principal.scopes
    if missing:
        needed = ", ".join(sorted(missing))
        raise ScopeMissing(f"{spec.name} needs the scope {needed}, which this credential does not have")
    if proposal.tools is not None and spec.name not in proposal.tools:
        raise ToolNotGranted(f"this agent was not given the tool {spec.name}; it works with its own or reports back")
    _check_worker(proposal, services)
    context = _reading_context(proposal, services, results)
    label = result_label(spec, context, given)
    _check_clearance(proposal, label)
    _check_server(proposal, spec)
    if policy.throttles(spec.name) and (spec.resolve or spec.preview):
        unseen = Preview(summary=spec.title)
        before = _facts(proposal, spec, given, unseen, label, clock.now())
        if throttled := throttled_unseen(policy, before, usage):
            return Admitted(spec, before, unseen, throttled, label)
    try:
        resolved, preview = await _resolve(spec, given, context)
    except InkError as error:
        raise LookFailed(error, label) from error
    facts = _facts(proposal, spec, resolved, preview, label, clock.now())
    if policy.locates:
        facts = replace(facts, home=_home(context), workspace=_workspace(context))
    return Admitted(spec, facts, preview, decide(policy, facts, usage), label)


def refusal(decision: Decision) -> InkError:
    """The error that a call ends in which is denied, or too much for now."""
    reason = f"{decision.reason} (rule {decision.rule})"
    if decision.effect is Effect.THROTTLE:
        return Throttled(f"{reason}; {_when_again(decision.retry_after_s)}")
    return DeniedByPolicy(reason)


def _when_again(wait_s: float | None) -> str:
    return "it is too much for one call" if wait_s is None else f"try again in {math.ceil(wait_s)} s"


def _check_worker(proposal: Proposal, services: Services) -> None:
    """A call reaches its own user's workers only."""
    worker_id = proposal.worker_id
    if worker_id and services.launcher.workspace(proposal.principal.username, worker_id) is None:
        raise NotYourWorker(f"you have no worker {worker_id}; choose one of yours")


def _check_clearance(proposal: Proposal, label: Label) -> None:
    level, clearance = label.confidentiality, proposal.clearance
    if clearance is not None and most_confidential((level, clearance)) is not clearance:
        raise TrustChangeNeeded(
            f"{proposal.tool} would bring {level.value} data into this conversation, whose model may see "
            f"{clearance.value} data at most; nothing was looked at. The user can go on with a model of the site"
        )


def _check_server(proposal: Proposal, spec: ToolSpec) -> None:
    """What a conversation has seen does not go to a server that may not see it: any argument could hold it."""
    level, clearance = proposal.confidentiality, spec.clearance
    if clearance is not None and most_confidential((level, clearance)) is not clearance:
        raise NotForThisServer(
            f"this conversation has seen {level.value} data, and {spec.name} is of a server that may see "
            f"{clearance.value} data at most; nothing was sent. Ask in a new conversation that has not seen them"
        )


async def _resolve(spec: ToolSpec, given: ToolValue, context: ToolContext) -> tuple[ToolValue, Preview]:
    if not (spec.resolve or spec.preview):
        return given, Preview(summary=spec.title)
    try:
        async with asyncio.timeout(PREVIEW_DEADLINE_S):
            resolved = await spec.resolve(context, given) if spec.resolve else given
            preview = await spec.preview(context, resolved) if spec.preview else Preview(summary=spec.title)
    except TimeoutError as error:
        raise DeadlineExceeded(f"looking at what {spec.name} would do took over {PREVIEW_DEADLINE_S:.0f} s") from error
    return resolved, preview


def _reading_context(proposal: Proposal, services: Services, results: Results) -> ToolContext:
    return ToolContext(
        principal=proposal.principal,
        acting_as=proposal.principal.username,
        operation_id=f"preview-{proposal.call_id}",
        deadline_s=PREVIEW_DEADLINE_S,
        worker_id=proposal.worker_id,
        services=services,
        leave=None,
        results=results,
        by_hand=proposal.origin.by_hand,
        session_id=session_of(proposal.chain),
    )


def _facts(
    proposal: Proposal, spec: ToolSpec, final: ToolValue, preview: Preview, label: Label, now: datetime
) -> CallFacts:
    principal = proposal.principal
    arguments: dict[str, JsonValue] = final.model_dump(mode="json")
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
        shown_to_others=bool(proposal.readers) and (spec.personal or label.confidentiality.rank > SCRATCH.rank),
        jobs=preview.jobs,
        cpu_hours=preview.cpu_hours,
    )


def _home(context: ToolContext) -> str | None:
    try:
        return context.services.homes.home(context.acting_as)
    except InkError:
        return None  # no account on this machine, so no file of theirs is touched here


def _workspace(context: ToolContext) -> str | None:
    own = context.worker_id and context.services.launcher.workspace(context.principal.username, context.worker_id)
    return own or _home(context)
