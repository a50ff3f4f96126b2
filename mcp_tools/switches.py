"""What administrators switch while the manager runs: models, and rules of JobLens. Never an agent."""

from __future__ import annotations

from ink_core.identity.principal import Scope
from mcp_tools.context import ToolContext
from mcp_tools.spec import Confidentiality, Integrity, Label, Preview, Risk, RunsOn, ToolSpec
from mcp_tools.switches_port import SetSwitch, Switched


async def _set(context: ToolContext, asked: SetSwitch) -> Switched:
    return await context.services.switches.set(asked, context.principal.username)


async def _preview(context: ToolContext, asked: SetSwitch) -> Preview:
    context.services.switches.check(asked)
    return Preview(summary=f"Switch {asked.kind} {asked.name} to {asked.to}", details=(f"Reason: {asked.reason}",))


TOOLS = (
    ToolSpec(
        name="set_switch",
        title="Switch a model or a rule",
        description="Switch a language model, or a rule of JobLens, on or off for the whole site.",
        input=SetSwitch,
        output=Switched,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.ADMIN}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        timeout_s=30,
        label=Label(Confidentiality.PUBLIC, Integrity.TRUSTED),
        run=_set,
        preview=_preview,
        content=frozenset({"reason"}),
        for_models=False,
        for_clients=False,
    ),
)
