"""What the ledger keeps of a request to a model: not the request, but all that makes it again, and its digest.

The digest covers what the model is given to read: the system prompt, the conversation, the tools. Written before the
request leaves, so that what was sent is on record whatever comes of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, JsonValue

from audit.canonical import canonical_json, sha256_hex
from manager.agent.context import SentContext
from manager.agent.model import ModelRequest, Turn

Asks = Literal["reply", "plan", "summary"]
BYTES_OF_A_TOKEN = 3


class ModelSent(BaseModel):
    """Body of `model.sent`.

    `asks`: for the next `reply` of the conversation, for a `plan` of what the user's words ask for, or for a `summary`
    of its earlier turns. `last_seq`: the last event of the chain that the request was made of. `context`: the facts
    that went with it, `text`: their text.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    turn: int
    asks: Asks = "reply"
    last_seq: int
    clusters: tuple[str, ...]
    budget: tuple[int, int]
    context: SentContext | None = None
    text: str | None = None
    bytes: int
    request_sha256: str


def asks_reply(body: Mapping[str, Any]) -> bool:
    """Whether a body of `model.sent` is of a request for the conversation's next reply."""
    return body.get("asks", "reply") == "reply"


def request_bytes(request: ModelRequest) -> bytes:
    """Canonical JSON of all that the model reads; what it has not is left out, so old ones stay the same."""
    turns: list[Any] = [{"is": type(turn).__name__, **_told(turn)} for turn in request.turns]
    tools: list[Any] = [asdict(tool) for tool in request.tools]
    tail = {name: text for name, text in (("context", request.context), ("now", request.now)) if text}
    return canonical_json({"system": request.system, "turns": turns, "tools": tools, **tail})


def _told(turn: Turn) -> dict[str, Any]:
    return {name: value for name, value in asdict(turn).items() if value or name not in ("by", "quoted")}


def sent_body(
    turn: int,
    last_seq: int,
    request: ModelRequest,
    asks: Asks = "reply",
    context: SentContext | None = None,
) -> dict[str, JsonValue]:
    content = request_bytes(request)
    sent = ModelSent(
        turn=turn,
        asks=asks,
        last_seq=last_seq,
        clusters=tuple(request.clusters),
        budget=request.budget,
        context=context,
        text=context.text if context else None,
        bytes=len(content),
        request_sha256=sha256_hex(content),
    )
    return sent.model_dump(mode="json", exclude_none=True)


def sent_bytes(body: Mapping[str, JsonValue]) -> int:
    """The size of the request that a body of `model.sent` tells of."""
    return cast("int", body["bytes"])


def tokens_of_bytes(size: int) -> int:
    """Of a request, on the safe side for English and Chinese; before the provider has counted."""
    return size // BYTES_OF_A_TOKEN + 1
