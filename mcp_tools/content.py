"""Results that are content and not data: pictures, sounds, embedded documents, or what a foreign server answered."""

from __future__ import annotations

from typing import Any

from mcp import types
from pydantic import JsonValue, TypeAdapter, ValidationError

from mcp_tools.spec import ToolValue
from mcp_tools.truncate import MODEL_BYTES, as_json

MOST_MEDIA = 1024 * 1024
"""Characters of the pictures and sounds of one result, in base64."""

_BLOCKS: TypeAdapter[list[types.ContentBlock]] = TypeAdapter(list[types.ContentBlock])


class Content(ToolValue):
    """`content` are blocks as MCP writes them; `is_error` where the tool ran and met an error that a model can read."""

    content: tuple[dict[str, JsonValue], ...]
    structured: JsonValue = None
    is_error: bool = False


def content_of(result: types.CallToolResult) -> Content:
    blocks = _BLOCKS.dump_python(result.content, mode="json", by_alias=True, exclude_none=True)
    return Content(content=tuple(blocks), structured=result.structured_content, is_error=bool(result.is_error))


def result_of(content: JsonValue) -> types.CallToolResult | None:
    """The other way round, from a `Content` as the ledger has it; None where that is too much to be put before a model.

    Pictures and sounds count by themselves, since no client reads them as words.
    """
    try:
        found = Content.model_validate(content)
    except ValidationError:
        return None  # the ledger has the beginning alone
    media = [str(block["data"]) for block in found.content if block.get("type") in ("image", "audio")]
    size = sum(map(len, media))
    if size > MOST_MEDIA or len(as_json(content).encode()) - size > MODEL_BYTES:
        return None
    blocks = _BLOCKS.validate_python(list[Any](found.content), by_alias=True)
    return types.CallToolResult(content=blocks, structured_content=found.structured, is_error=found.is_error)
