"""Prompts, resources and completion: the library, as the protocol asks for it."""

from __future__ import annotations

from typing import Any

from mcp import types
from mcp.server import Server

from mcp_tools.conversation import Context
from mcp_tools.server.parts import Parts

MOST_COMPLETIONS = 100
"""Of the protocol."""


def serve_library(server: Server[Any], parts: Parts) -> None:
    library, who_asks = parts.library, parts.who_asks

    async def list_prompts(context: Context, _: types.PaginatedRequestParams) -> types.ListPromptsResult:
        return types.ListPromptsResult(prompts=[*await library.prompts(who_asks(context))])

    async def get_prompt(
        context: Context, asked: types.GetPromptRequestParams
    ) -> types.GetPromptResult | types.InputRequiredResult:
        return await library.prompt(who_asks(context), context, asked)

    async def list_resources(context: Context, _: types.PaginatedRequestParams) -> types.ListResourcesResult:
        return types.ListResourcesResult(resources=[*await library.resources(who_asks(context))])

    async def list_templates(context: Context, _: types.PaginatedRequestParams) -> types.ListResourceTemplatesResult:
        return types.ListResourceTemplatesResult(resource_templates=[*await library.templates(who_asks(context))])

    async def read(context: Context, asked: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        return await library.read(who_asks(context), asked.uri)

    async def complete(context: Context, asked: types.CompleteRequestParams) -> types.CompleteResult:
        found = await library.complete(who_asks(context), asked)
        shown = list(found[:MOST_COMPLETIONS])
        return types.CompleteResult(
            completion=types.Completion(values=shown, total=len(found), has_more=len(found) > len(shown))
        )

    server.add_request_handler("prompts/list", types.PaginatedRequestParams, list_prompts)
    server.add_request_handler("prompts/get", types.GetPromptRequestParams, get_prompt)
    server.add_request_handler("resources/list", types.PaginatedRequestParams, list_resources)
    server.add_request_handler("resources/templates/list", types.PaginatedRequestParams, list_templates)
    server.add_request_handler("resources/read", types.ReadResourceRequestParams, read)
    server.add_request_handler("completion/complete", types.CompleteRequestParams, complete)
