"""What is set of one OpenAI-compatible endpoint and one model of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from manager.agent.breaker import Breaker
from manager.agent.model import TrustClass


class ToolCalling(StrEnum):
    """How the model is brought to call tools.

    `native`: the protocol's own tool calls. `tolerant`: the same, and calls written into the text are understood too;
    not for a model that may quote such a call to explain it, for instance from the documentation.
    `json_schema`: the endpoint enforces a schema on the whole reply, for models weak at native calls.
    """

    NATIVE = "native"
    TOLERANT = "tolerant"
    JSON_SCHEMA = "json_schema"


@dataclass(frozen=True)
class Deadlines:
    """Seconds: to connect, until the first piece, between pieces, and for everything including repeated tries."""

    connect_s: float = 5.0
    first_piece_s: float = 90.0
    between_s: float = 45.0
    total_s: float = 600.0


@dataclass(frozen=True)
class Retries:
    """Tries in all; the n-th pause is random up to `first_s` · 2ⁿ, and no pause is longer than `longest_s`."""

    tries: int = 3
    first_s: float = 0.5
    longest_s: float = 20.0


@dataclass(frozen=True)
class OpenAISettings:
    """`name` is what users see, `model` what the endpoint knows."""

    name: str
    base_url: str
    model: str
    trust: TrustClass
    tool_calling: ToolCalling = ToolCalling.NATIVE
    deadlines: Deadlines = Deadlines()
    retries: Retries = Retries()
    breaker: Breaker = field(default_factory=Breaker)
    max_characters: int = 200_000
    max_bytes: int = 32 * 1024 * 1024
