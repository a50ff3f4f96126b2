"""Results that are content and not data: pictures, sounds, embedded documents, or what a foreign server answered."""

from __future__ import annotations

from typing import Any

from mcp import types
from pydantic import JsonValue, TypeAdapter

from mcp_tools.spec import ToolValue

_BLOCKS: TypeAdapter[list[types.ContentBlock]] = TypeAdapter(list[types.ContentBlock])


class Content(ToolValue):
    """`content` are blocks as MCP writes them; `is_error` where the tool ran and met an error that a model can read."""

    content: tuple[dict[str, JsonValue], ...]
    structured: JsonValue = None
    is_error: bool = False


def content_of(result: types.CallToolResult) -> Content:
    blocks = _BLOCKS.dump_python(result.content, mode="json", by_alias=True, exclude_none=True)
    return Content(content=tuple(blocks), structured=result.structured_content, is_error=bool(result.is_error))


def result_of(content: JsonValue) -> types.CallToolResult:
    """The other way round, from a `Content` as the ledger has it."""
    found = Content.model_validate(content)
    blocks = _BLOCKS.validate_python(list[Any](found.content), by_alias=True)
    return types.CallToolResult(content=blocks, structured_content=found.structured, is_error=found.is_error)
