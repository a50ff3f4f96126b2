"""What the scripted OpenAI server says: a list of replies, each for one request (or for all that match `when`)."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from manager.agent.context import HEADING

CONTEXT = f"\n\n{HEADING}"
NOTES = "<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>"
"""Of the agent OpenClaw to its model, after the last message; the script goes by that one."""
Mode = Literal["stream", "status", "garbage", "silent", "stall", "endless", "broken_off", "keepalive", "no_finish"]
NOW = re.compile(r"\n\n\[It is \d[^\]]*\]\Z")


class ScriptedCall(BaseModel):
    """`arguments` as text is sent as it is, so it may be malformed."""

    model_config = ConfigDict(extra="forbid")

    name: str
    arguments: dict[str, JsonValue] | str = {}

    @property
    def text(self) -> str:
        return self.arguments if isinstance(self.arguments, str) else json.dumps(self.arguments)


class ScriptedReply(BaseModel):
    """One reply.

    `when`: pattern that the last message must contain; `role`: role that it must have; `times`: how often the reply
    serves (None: always). `{last}` in `text` stands for the last message without the facts of the site and the time
    below it, which are not looked at; `{context}` for these facts. `{found}` in the arguments of a call stands for what
    the first group of `when` found. `piece`: characters per delta.
    Modes: `stream` a proper reply · `status` an HTTP error · `garbage` a body that is no protocol · `silent` nothing at
    all · `stall` silent after half of the text · `endless` the text over and over · `broken_off` the connection is cut
    after half · `keepalive` comments only · `no_finish` a proper end of the stream without a finish reason.
    """

    model_config = ConfigDict(extra="forbid")

    mode: Mode = "stream"
    when: str | None = None
    role: Literal["user", "tool"] | None = None
    times: int | None = 1
    text: str = ""
    calls: tuple[ScriptedCall, ...] = ()
    piece: int = 5
    pause_s: float = 0.0
    status: int = 500
    headers: dict[str, str] = {}
    body: str = '{"error": {"message": "scripted failure"}}'

    def matches(self, message: dict[str, Any]) -> bool:
        said = str(message.get("content") or "")
        return (self.role in (None, message.get("role"))) and (
            self.when is None or re.search(self.when, said) is not None
        )

    def filled(self, said: str, context: str) -> ScriptedReply:
        """With what stands for parts of the last message put in."""
        found = re.search(self.when, said) if self.when else None
        group = found[1] if found and found.groups() else "{found}"
        calls = tuple(call.model_copy(update={"arguments": call.text.replace("{found}", group)}) for call in self.calls)
        text = self.text.replace("{last}", said).replace("{context}", context)
        return self.model_copy(update={"text": text, "calls": calls})


class Script:
    """Hands out replies in order; the first that matches and is not used up serves."""

    def __init__(self, replies: Sequence[ScriptedReply]) -> None:
        self._left = [(reply, reply.times) for reply in replies]

    def next(self, messages: Sequence[dict[str, Any]]) -> ScriptedReply:
        message = next((one for one in reversed(messages) if not _text(one).startswith(NOTES)), {})
        said, _, context = NOW.sub("", _text(message)).partition(CONTEXT)
        last = {**message, "content": said}
        for place, (reply, times) in enumerate(self._left):
            if times != 0 and reply.matches(last):
                self._left[place] = (reply, None if times is None else times - 1)
                return reply.filled(said, context)
        return ScriptedReply(mode="status", status=500, body='{"error": {"message": "the script has no reply left"}}')


def _text(message: dict[str, Any]) -> str:
    """Its words; the parts of one that has several are put together."""
    content: Any = message.get("content") or ""
    return "".join(str(part.get("text", "")) for part in content) if isinstance(content, list) else str(content)
