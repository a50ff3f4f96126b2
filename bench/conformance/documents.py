"""Prompts and resources that the conformance suite expects a server to have."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from mcp import types

from bench.conformance.asking import one, written
from bench.conformance.fixtures import IMAGE, PIXEL, document
from ink_core.identity.principal import Principal
from mcp_tools.conversation import Context
from mcp_tools.server.library import no_prompt, no_resource

TEMPLATE = re.compile(r"test://template/([A-Za-z0-9_-]{1,50})/data")
ASKS = "test_input_required_result_prompt"


def message(content: types.ContentBlock | str) -> types.PromptMessage:
    block = types.TextContent(text=content) if isinstance(content, str) else content
    return types.PromptMessage(role="user", content=block)


def argument(name: str) -> types.PromptArgument:
    return types.PromptArgument(name=name, description=f"The argument {name}.", required=True)


class ConformanceLibrary:
    """Implements the server's `Library`."""

    async def prompts(self, principal: Principal) -> Sequence[types.Prompt]:
        return (
            types.Prompt(name="test_simple_prompt", description="A text."),
            types.Prompt(
                name="test_prompt_with_arguments",
                description="A text of two arguments.",
                arguments=[argument("arg1"), argument("arg2")],
            ),
            types.Prompt(
                name="test_prompt_with_embedded_resource",
                description="A document.",
                arguments=[argument("resourceUri")],
            ),
            types.Prompt(name="test_prompt_with_image", description="A picture."),
            types.Prompt(name=ASKS, description="A text about what the client answers."),
        )

    async def prompt(
        self, principal: Principal, context: Context, asked: types.GetPromptRequestParams
    ) -> types.GetPromptResult | types.InputRequiredResult:
        given = asked.arguments or {}
        match asked.name:
            case "test_simple_prompt":
                said = [message("This is a simple prompt for testing.")]
            case "test_prompt_with_arguments":
                said = [message(f"Prompt with arguments: arg1='{given['arg1']}', arg2='{given['arg2']}'")]
            case "test_prompt_with_embedded_resource":
                embedded = document(given["resourceUri"], "text/plain", "Embedded resource content for testing.")
                said = [message(embedded), message("Please process the embedded resource above.")]
            case "test_prompt_with_image":
                said = [message(IMAGE), message("Please analyze the image above.")]
            case name if name == ASKS:
                return _asking(asked)
            case _:
                raise no_prompt(asked.name)
        return types.GetPromptResult(messages=said)

    async def resources(self, principal: Principal) -> Sequence[types.Resource]:
        return (
            types.Resource(uri="test://static-text", name="text", description="A text.", mime_type="text/plain"),
            types.Resource(uri="test://static-binary", name="picture", description="A picture.", mime_type="image/png"),
            types.Resource(uri="test://watched-resource", name="watched", description="One to subscribe to."),
        )

    async def templates(self, principal: Principal) -> Sequence[types.ResourceTemplate]:
        uri = "test://template/{id}/data"
        return (types.ResourceTemplate(uri_template=uri, name="data", mime_type="application/json"),)

    async def read(self, principal: Principal, uri: str) -> types.ReadResourceResult:
        if uri == "test://static-binary":
            blob = types.BlobResourceContents(uri=uri, mime_type="image/png", blob=PIXEL)
            return types.ReadResourceResult(contents=[blob])
        if found := TEMPLATE.fullmatch(uri):
            data = {"id": found[1], "templateTest": True, "data": f"Data for ID: {found[1]}"}
            return _text(uri, "application/json", json.dumps(data))
        if uri in ("test://static-text", "test://watched-resource"):
            return _text(uri, "text/plain", "This is the content of the static text resource.")
        raise no_resource(uri)

    async def complete(self, principal: Principal, asked: types.CompleteRequestParams) -> Sequence[str]:
        return [word for word in ("paris", "park", "party") if word.startswith(asked.argument.value)]


def _text(uri: str, mime: str, written_down: str) -> types.ReadResourceResult:
    return types.ReadResourceResult(contents=[types.TextResourceContents(uri=uri, mime_type=mime, text=written_down)])


def _asking(asked: types.GetPromptRequestParams) -> types.GetPromptResult | types.InputRequiredResult:
    answer = (asked.input_responses or {}).get("user_context")
    if answer is None:
        question = one("What context should the prompt use?", "context")
        return types.InputRequiredResult(input_requests={"user_context": question})
    return types.GetPromptResult(messages=[message(f"The context is {written(answer)}")])
