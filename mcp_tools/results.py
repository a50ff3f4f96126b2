"""Reading on in a result that was too large to be shown at once, by the id of the call that had it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from mcp_tools.context import ToolContext
from mcp_tools.pieces import piece_of
from mcp_tools.pointer import part_of
from mcp_tools.spec import Confidentiality, Integrity, Label, Risk, RunsOn, ToolSpec, ToolValue
from mcp_tools.truncate import MODEL_BYTES, as_json

POINTER = r"^(/.*)?$"
MAX_POINTER = 300
ENVELOPE_BYTES = 300


class ReadResult(ToolValue):
    call_id: str = Field(min_length=1, max_length=100, description="The call whose result was cut.")
    pointer: str = Field(
        default="", max_length=MAX_POINTER, pattern=POINTER, description="Which part, as named in _cut: /jobs or /text."
    )
    offset: int = Field(default=0, ge=0, description="First item, field or character of that part.")


class ResultPiece(ToolValue):
    """`offset`, `total` and `next_offset` count items of a list, fields of an object or characters of a text."""

    call_id: str
    pointer: str
    kind: Literal["list", "object", "text", "value"]
    offset: int
    total: int
    next_offset: int | None
    value: JsonValue


def read_piece(result: JsonValue, asked: ReadResult, most_bytes: int = MODEL_BYTES) -> ResultPiece:
    """One piece of the whole `result`; as JSON it has at most `most_bytes`. Raises `NothingThere`."""
    room = most_bytes - ENVELOPE_BYTES - len(as_json(asked.pointer).encode())
    piece = piece_of(part_of(result, asked.pointer), asked.pointer, asked.offset, room)
    return ResultPiece(
        call_id=asked.call_id,
        pointer=asked.pointer,
        kind=piece.kind,
        offset=piece.offset,
        total=piece.total,
        next_offset=piece.next_offset,
        value=piece.value,
    )


async def _read_result(context: ToolContext, asked: ReadResult) -> ResultPiece:
    return read_piece(context.results.whole(context.principal, asked.call_id), asked)


def _confidentiality(context: ToolContext, asked: ReadResult) -> Confidentiality:
    return context.results.confidentiality(asked.call_id)


TOOLS = (
    ToolSpec(
        name="read_result",
        title="Read on in a result",
        description="The rest of an earlier call's result that was cut: a part of it, from an offset on.",
        input=ReadResult,
        output=ResultPiece,
        risk=Risk.READ,
        scopes=frozenset(),
        runs_on=RunsOn.CORE,
        idempotent=True,
        timeout_s=15,
        label=Label(Confidentiality.SCRATCH, Integrity.UNTRUSTED),
        confidentiality_of=_confidentiality,
        run=_read_result,
        relays=True,
    ),
)
