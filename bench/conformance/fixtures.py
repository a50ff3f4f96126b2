"""Tools that the conformance suite expects a server to have. They go through the same server and gate as any other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from mcp import types

from ink_core.identity.principal import Scope
from ink_core.labels import Confidentiality, Integrity, Label
from mcp_tools.content import Content, content_of
from mcp_tools.context import ToolContext
from mcp_tools.conversation import conversation
from mcp_tools.spec import Risk, RunsOn, ToolSpec, ToolValue

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg=="
SILENCE = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA="


class Nothing(ToolValue):
    """No arguments."""


def text(said: str, *, is_error: bool = False) -> Content:
    return content(types.TextContent(text=said), is_error=is_error)


def content(*blocks: types.ContentBlock, is_error: bool = False) -> Content:
    return content_of(types.CallToolResult(content=[*blocks], is_error=is_error))


def document(uri: str, mime: str, written: str) -> types.EmbeddedResource:
    return types.EmbeddedResource(resource=types.TextResourceContents(uri=uri, mime_type=mime, text=written))


def fixture(
    name: str, description: str, answer: Callable[[Any], Awaitable[Content]], arguments: type[ToolValue] = Nothing
) -> ToolSpec:
    async def run(_: ToolContext, given: ToolValue) -> Content:
        return await answer(given)

    return ToolSpec(
        name=name,
        title=name,
        description=description,
        input=arguments,
        output=Content,
        risk=Risk.READ,
        scopes=frozenset({Scope.JOBS_READ}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        timeout_s=90,
        label=Label(Confidentiality.PUBLIC, Integrity.TRUSTED),
        run=run,
        converses=True,
    )


def always(*blocks: types.ContentBlock, is_error: bool = False) -> Callable[[Any], Awaitable[Content]]:
    async def answer(_: Nothing) -> Content:
        return content(*blocks, is_error=is_error)

    return answer


async def steps(_: Nothing) -> Content:
    for done in (0, 50, 100):
        await conversation().progress(done, 100, f"{done} of 100")
        await asyncio.sleep(0.05)
    return text("all steps are done")


async def logs(_: Nothing) -> Content:
    for said in ("Tool execution started", "Tool processing data", "Tool execution completed"):
        await conversation().log("info", said)
        await asyncio.sleep(0.05)
    return text("three messages were logged")


IMAGE = types.ImageContent(data=PIXEL, mime_type="image/png")
PLAIN = (
    fixture(
        "test_simple_text",
        "Answers with a text.",
        always(types.TextContent(text="This is a simple text response for testing.")),
    ),
    fixture("test_image_content", "Answers with a picture.", always(IMAGE)),
    fixture(
        "test_audio_content",
        "Answers with a sound.",
        always(types.AudioContent(data=SILENCE, mime_type="audio/wav")),
    ),
    fixture(
        "test_embedded_resource",
        "Answers with a document.",
        always(document("test://embedded-resource", "text/plain", "This is an embedded resource content.")),
    ),
    fixture(
        "test_multiple_content_types",
        "Answers with several kinds of content.",
        always(
            types.TextContent(text="Multiple content types test:"),
            IMAGE,
            document("test://mixed-content-resource", "application/json", '{"test":"data","value":123}'),
        ),
    ),
    fixture(
        "test_error_handling",
        "Answers with an error.",
        always(types.TextContent(text="This tool intentionally returns an error for testing"), is_error=True),
    ),
    fixture("test_tool_with_progress", "Tells how far it is.", steps),
    fixture("test_tool_with_logging", "Logs while it runs.", logs),
    fixture("test_logging_tool", "Logs while it runs.", logs),
)
