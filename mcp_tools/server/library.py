"""What the server offers to read: prompts, resources and their templates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from mcp import MCPError, types

from ink_core.identity.principal import Principal
from mcp_tools.conversation import Context


class Library(Protocol):
    """Each takes the principal who asks. Names and addresses that are not in it raise `no_prompt` or `no_resource`."""

    async def prompts(self, principal: Principal) -> Sequence[types.Prompt]: ...

    async def prompt(
        self, principal: Principal, context: Context, asked: types.GetPromptRequestParams
    ) -> types.GetPromptResult | types.InputRequiredResult: ...

    async def resources(self, principal: Principal) -> Sequence[types.Resource]: ...

    async def templates(self, principal: Principal) -> Sequence[types.ResourceTemplate]: ...

    async def read(self, principal: Principal, uri: str) -> types.ReadResourceResult: ...

    async def complete(self, principal: Principal, asked: types.CompleteRequestParams) -> Sequence[str]:
        """What the value of the argument may go on as."""
        ...


def no_prompt(name: str) -> MCPError:
    return MCPError(types.INVALID_PARAMS, f"there is no prompt called {name[:100]!r}")


def no_resource(uri: str) -> MCPError:
    return MCPError(types.INVALID_PARAMS, "there is no such resource", {"uri": uri[:1000]})


class EmptyLibrary:
    """Offers nothing."""

    async def prompts(self, principal: Principal) -> Sequence[types.Prompt]:
        return ()

    async def prompt(
        self, principal: Principal, context: Context, asked: types.GetPromptRequestParams
    ) -> types.GetPromptResult | types.InputRequiredResult:
        raise no_prompt(asked.name)

    async def resources(self, principal: Principal) -> Sequence[types.Resource]:
        return ()

    async def templates(self, principal: Principal) -> Sequence[types.ResourceTemplate]:
        return ()

    async def read(self, principal: Principal, uri: str) -> types.ReadResourceResult:
        raise no_resource(uri)

    async def complete(self, principal: Principal, asked: types.CompleteRequestParams) -> Sequence[str]:
        return ()
