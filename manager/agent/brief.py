"""What a sub-agent is given beside its goal: its part of the prompt, its tools, and the form of its result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

HAND_IN = "hand_in"
"""The tool by which a sub-agent hands in its result; with that its work is done."""


@dataclass(frozen=True)
class Brief:
    """`result` is the closed JSON schema of what is handed in."""

    prompt: str
    tools: frozenset[str]
    result: Mapping[str, JsonValue]

    @property
    def hand_in(self) -> dict[str, JsonValue]:
        """Parameters of `hand_in` as this sub-agent sees them."""
        return {
            "type": "object",
            "properties": {"result": dict(self.result)},
            "required": ["result"],
            "additionalProperties": False,
        }
