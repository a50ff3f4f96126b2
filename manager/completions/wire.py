"""The form of OpenAI's chat completions, as far as it can be kept here.

Source: the API reference of OpenAI, chat completions and models. What a client sets of the model itself (temperature,
lengths, seeds) is the site's to set, and not looked at. What would change what the answer *is* (tools of the client,
several answers, a schema) is refused, as nobody would be served by an answer of another kind.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ink_core.errors import BadInput

MAX_MESSAGES = 2_000
Finish = Literal["stop", "length"]


class CompletionUnsupported(BadInput):
    """Something was asked for that the harness cannot give."""

    code = "unsupported_parameter"
    http_status = 400


class TextPart(BaseModel):
    type: Literal["text"]
    text: str


class ChatMessage(BaseModel):
    """`content` is text, or parts that are all text."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[TextPart] | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class StreamOptions(BaseModel):
    include_usage: bool = False


class ChatCompletionRequest(BaseModel):
    """Fields that are not named here are not looked at."""

    model_config = ConfigDict(extra="ignore")

    model: str = Field(min_length=1, max_length=200)
    messages: list[ChatMessage] = Field(min_length=1, max_length=MAX_MESSAGES)
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: int | None = None
    tools: list[dict[str, Any]] | None = None
    functions: list[dict[str, Any]] | None = None
    response_format: dict[str, Any] | None = None

    def check(self) -> None:
        """Raises `CompletionUnsupported`."""
        if self.tools or self.functions:
            raise CompletionUnsupported("tools of a client are not called here: the agent has those of the site")
        if self.n not in (None, 1):
            raise CompletionUnsupported("there is one answer to a message: n must be 1")
        if self.response_format and self.response_format.get("type") != "text":
            raise CompletionUnsupported("answers are text: no other response_format is taken")
        if self.messages[-1].role != "user" or not self.messages[-1].text.strip():
            raise CompletionUnsupported("the last message must be the user's, with text in it")


class CompletionUsage(BaseModel):
    """What the language models counted for this turn, all their requests together."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0


class AssistantMessage(BaseModel):
    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None


class CompletionChoice(BaseModel):
    index: int = 0
    message: AssistantMessage
    logprobs: None = None
    finish_reason: Finish


class ChatCompletion(BaseModel):
    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int = Field(description="Seconds since the epoch.")
    model: str
    choices: list[CompletionChoice]
    usage: CompletionUsage


class CompletionModel(BaseModel):
    """`owned_by` is the class of trust: builtin, site or external."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str


class CompletionModels(BaseModel):
    object: Literal["list"] = "list"
    data: list[CompletionModel]


class CompletionError(BaseModel):
    """`code` is our stable code of errors."""

    message: str
    type: str
    param: str | None = None
    code: str


class CompletionErrorBody(BaseModel):
    error: CompletionError


def chunk(of: ChatCompletion, delta: dict[str, str], finish: Finish | None = None) -> dict[str, Any]:
    """One piece of a streamed answer."""
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    head = {"id": of.id, "object": "chat.completion.chunk", "created": of.created, "model": of.model}
    return {**head, "choices": [choice]}


def usage_chunk(of: ChatCompletion) -> dict[str, Any]:
    return {**chunk(of, {}), "choices": [], "usage": of.usage.model_dump()}
