"""The language-model seam: a request of messages and tools, answered by a stream of pieces.

Adapters: `openai_model.py` (any OpenAI-compatible endpoint) and `offline_guide.py` (rules, no language model).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pydantic import JsonValue

from ink_core.errors import InkError
from ink_core.labels import Confidentiality


class TrustClass(StrEnum):
    """`site`: hosted by the computing centre; `external`: anybody else's. `builtin`: no model and no network at all."""

    BUILTIN = "builtin"
    SITE = "site"
    EXTERNAL = "external"


@dataclass(frozen=True)
class RequestedCall:
    """A tool call as the model wrote it. `arguments` is None when `raw`, the model's text, was not a JSON object."""

    id: str
    tool: str
    arguments: Mapping[str, JsonValue] | None
    raw: str


@dataclass(frozen=True)
class UserTurn:
    """`by` names its author where several people write to the conversation. `quoted`: what others' programs said."""

    text: str
    by: str = ""
    quoted: str = ""


@dataclass(frozen=True)
class AssistantTurn:
    text: str
    calls: tuple[RequestedCall, ...] = ()


@dataclass(frozen=True)
class ToolTurn:
    """Result of one call, as text that the model can read. `source` says where it is from and how old."""

    call_id: str
    tool: str
    content: str
    is_error: bool = False
    source: str = ""


Turn = UserTurn | AssistantTurn | ToolTurn


@dataclass(frozen=True)
class OfferedTool:
    name: str
    description: str
    parameters: Mapping[str, JsonValue]


@dataclass(frozen=True)
class Compaction:
    """A conversation that nearly fills its room is made shorter: one summary for all turns up to `through`.

    `turns`: these as the model reads them until then. `most_tokens`: of the summary.
    """

    through: int
    turns: tuple[Turn, ...]
    most_tokens: int


@dataclass(frozen=True)
class ModelRequest:
    """`user` and `clusters` repeat what `system` says of who asks and where, for an adapter that reads no prose.

    `budget`: the tokens that all of it and one result were fitted to. `context` are facts of the site.
    `now` says what time it is and how old results are. What changes from request to request (`context`, `now`) is sent
    last, so that a provider finds all before it as it was in the request before.
    `confidentiality` is the highest of everything in it; see `egress`. `compaction` is what is due before it is sent.
    """

    system: str
    turns: Sequence[Turn]
    tools: Sequence[OfferedTool]
    user: str = ""
    clusters: Sequence[str] = ()
    budget: tuple[int, int] = (0, 0)
    confidentiality: Confidentiality = Confidentiality.EXPERIMENT
    context: str = ""
    compaction: Compaction | None = None
    now: str = ""

    @property
    def tail(self) -> str:
        return "\n\n".join(part for part in (self.context, self.now) if part)


@dataclass(frozen=True)
class TextDelta:
    text: str


@dataclass(frozen=True)
class ModelReply:
    """The last piece of every stream. Token counts are the provider's, or 0 where it gives none.

    `model` is the name of the one that answered, where a chain was asked.
    """

    text: str
    calls: tuple[RequestedCall, ...]
    prompt_tokens: int = 0
    completion_tokens: int = 0
    finish: str = "stop"
    model: str = ""


class ModelError(InkError):
    """The model could not answer. `code` says why; the message is for the user."""

    code = "model_error"
    http_status = 502


class ModelUnreachable(ModelError):
    code = "model_unreachable"
    retryable = True


class ModelThrottled(ModelError):
    """`retry_after_s`: how long the endpoint asked to wait, where it did."""

    code = "model_throttled"
    retryable = True

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class ModelRejected(ModelError):
    """The endpoint understood the request and will not serve it: unknown model, too long a context."""

    code = "model_rejected"


class ModelRefusedCredentials(ModelError):
    code = "model_credentials"


class ModelGarbage(ModelError):
    """The endpoint answered something that is not the protocol."""

    code = "model_garbage"


class ModelTimeout(ModelError):
    code = "model_timeout"
    retryable = True


class ChatModel(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def trust(self) -> TrustClass: ...

    def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | ModelReply, None]:
        """Yield text as it comes, then one `ModelReply`. Raises a `ModelError`; bounded in time and length.

        Closing the generator (or cancelling its consumer) ends the request.
        """
        ...
