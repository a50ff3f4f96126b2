"""Skills as prompts and as resources: what the tools `list_skills` and `read_skill` give, by the same gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from mcp import MCPError, types
from pydantic import JsonValue

from ink_core.identity.principal import Principal
from mcp_tools.conversation import Context
from mcp_tools.gate_port import CallGate
from mcp_tools.server.library import no_prompt, no_resource

ORIGIN = "mcp"
WAIT_S = 20.0
SCHEME, FILE = "skill://", "/SKILL.md"
TASK = types.PromptArgument(name="task", description="What is to be done by this skill.", required=False)


def uri_of(skill: str) -> str:
    return f"{SCHEME}{skill}{FILE}"


class SkillsOffered:
    """Implements the server's `Library`."""

    def __init__(self, gate: CallGate) -> None:
        self._gate = gate

    async def prompts(self, principal: Principal) -> Sequence[types.Prompt]:
        found = await self._skills(principal)
        return [types.Prompt(name=one["name"], description=one["description"], arguments=[TASK]) for one in found]

    async def prompt(
        self, principal: Principal, context: Context, asked: types.GetPromptRequestParams
    ) -> types.GetPromptResult:
        skill = await self._read(principal, asked.name)
        if skill is None:
            raise no_prompt(asked.name)
        task = (asked.arguments or {}).get("task")
        said = skill["text"] if task is None else f"{skill['text']}\n\nThe task: {task}"
        message = types.PromptMessage(role="user", content=types.TextContent(text=said))
        return types.GetPromptResult(description=skill["description"], messages=[message])

    async def resources(self, principal: Principal) -> Sequence[types.Resource]:
        return [
            types.Resource(
                uri=uri_of(one["name"]),
                name=one["name"],
                description=one["description"],
                mime_type="text/markdown",
                _meta={"sha256": one["sha256"]},
            )
            for one in await self._skills(principal)
        ]

    async def templates(self, principal: Principal) -> Sequence[types.ResourceTemplate]:
        return [types.ResourceTemplate(uri_template=uri_of("{name}"), name="skill", mime_type="text/markdown")]

    async def read(self, principal: Principal, uri: str) -> types.ReadResourceResult:
        name = uri.removeprefix(SCHEME).removesuffix(FILE)
        skill = await self._read(principal, name) if uri == uri_of(name) else None
        if skill is None:
            raise no_resource(uri)
        written = types.TextResourceContents(uri=uri, mime_type="text/markdown", text=skill["text"])
        return types.ReadResourceResult(contents=[written])

    async def complete(self, principal: Principal, asked: types.CompleteRequestParams) -> Sequence[str]:
        """Names of skills, for the template; a task is anybody's own words."""
        if not isinstance(asked.ref, types.ResourceTemplateReference) or asked.argument.name != "name":
            return ()
        return [one["name"] for one in await self._skills(principal) if one["name"].startswith(asked.argument.value)]

    async def _skills(self, principal: Principal) -> Sequence[Mapping[str, Any]]:
        return cast("Any", await self._call(principal, "list_skills", {}) or {"skills": []})["skills"]

    async def _read(self, principal: Principal, name: str) -> Mapping[str, Any] | None:
        """None for a skill that there is not."""
        return cast("Any", await self._call(principal, "read_skill", {"name": name}))

    async def _call(self, principal: Principal, tool: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
        chain = f"{ORIGIN}:{principal.credential}"
        view = await self._gate.call(principal, tool, arguments, origin=ORIGIN, chain=chain, wait_s=WAIT_S)
        if view.status == "done":
            return view.result
        code = view.error.code if view.error else view.status
        if code in ("skill_not_found", "bad_input"):
            return None
        raise MCPError(types.INTERNAL_ERROR, view.error.message if view.error else "the skills could not be read")
