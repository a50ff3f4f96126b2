"""Keeps the key of an endpoint out of what the endpoint says: errors, answers and calls that echo it.

Limits: the key as it is written, not encoded or in pieces that the endpoint itself takes apart.
"""

from __future__ import annotations

from dataclasses import replace

from manager.agent.model import ModelReply, RequestedCall
from manager.agent.tolerant import json_object

MASK = "***"
SHORTEST = 12
"""Shorter "keys" are words that endpoints without keys are given (`EMPTY`, `none`); they may stand in any answer."""


def masked(text: str, secret: str) -> str:
    return text.replace(secret, MASK) if len(secret) >= SHORTEST else text


def masked_reply(reply: ModelReply, secret: str) -> ModelReply:
    """The same reply; calls that held the key are read again from their masked text."""
    calls = tuple(_masked_call(call, secret) for call in reply.calls)
    return replace(reply, text=masked(reply.text, secret), calls=calls)


def _masked_call(call: RequestedCall, secret: str) -> RequestedCall:
    raw, tool = masked(call.raw, secret), masked(call.tool, secret)
    return call if (raw, tool) == (call.raw, call.tool) else RequestedCall(call.id, tool, json_object(raw), raw)


class StreamMask:
    """Masks a text that comes in pieces: what may be the beginning of the key waits for the piece after it."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._waiting = ""

    def feed(self, piece: str) -> str:
        """What may be shown now."""
        text = masked(self._waiting + piece, self._secret)
        held = self._held(text)
        self._waiting = text[len(text) - held :]
        return text[: len(text) - held]

    def rest(self) -> str:
        """What still waits when the text has ended."""
        return self._waiting

    def _held(self, text: str) -> int:
        """Length of the longest end of `text` with which the key begins."""
        longest = min(len(self._secret) - 1, len(text)) if len(self._secret) >= SHORTEST else 0
        return next((n for n in range(longest, 0, -1) if self._secret.startswith(text[-n:])), 0)
