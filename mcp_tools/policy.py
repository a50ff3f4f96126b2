"""Putting another policy in force: for administrators on their page, and never for an agent."""

from __future__ import annotations

import asyncio

from pydantic import Field

from ink_core.identity.principal import Scope
from mcp_tools.context import ToolContext
from mcp_tools.policy_port import AppliedPolicy, PolicyAsked
from mcp_tools.spec import Confidentiality, Integrity, Label, Preview, Risk, RunsOn, ToolSpec, ToolValue

MAX_TEXT = 64 * 1024
"""Characters; a longer policy belongs into a file of the site."""


class ApplyPolicy(ToolValue):
    text: str = Field(min_length=1, max_length=MAX_TEXT, description="The whole policy, as YAML.")
    replaces: str = Field(pattern=r"^[0-9a-f]{64}$", description="Version that is in force now.")
    reason: str = Field(min_length=1, max_length=1000)


async def _apply(context: ToolContext, asked: ApplyPolicy) -> AppliedPolicy:
    wanted = PolicyAsked(asked.text, asked.replaces, asked.reason, context.principal.username, context.operation_id)
    return await context.services.policy.apply(wanted)


async def _find_applied(context: ToolContext, _: ApplyPolicy) -> AppliedPolicy | None:
    return await context.services.policy.applied(context.operation_id)


async def _preview(context: ToolContext, asked: ApplyPolicy) -> Preview:
    await asyncio.to_thread(context.services.policy.check, asked.text, asked.replaces)
    return Preview(
        summary="Put another policy in force for the whole site",
        details=(f"Reason: {asked.reason}", f"In place of version {asked.replaces[:12]}"),
        undo="Put the former version in force again",
    )


async def _diff(context: ToolContext, asked: ApplyPolicy) -> str | None:
    return await asyncio.to_thread(context.services.policy.check, asked.text, asked.replaces)


TOOLS = (
    ToolSpec(
        name="apply_policy",
        title="Put a policy in force",
        description="Replace the rules by which the gate decides on every call of the site.",
        input=ApplyPolicy,
        output=AppliedPolicy,
        risk=Risk.HIGH,
        scopes=frozenset({Scope.ADMIN}),
        runs_on=RunsOn.CORE,
        idempotent=False,
        timeout_s=30,
        label=Label(Confidentiality.PUBLIC, Integrity.TRUSTED),
        run=_apply,
        preview=_preview,
        diff=_diff,
        reconcile=_find_applied,
        content=frozenset({"reason"}),
        for_models=False,
        for_clients=False,
    ),
)
