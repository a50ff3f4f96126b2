"""What a rule answers: words, or tool calls and what follows from their results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

Arguments = Mapping[str, JsonValue]


@dataclass(frozen=True)
class Say:
    """An answer that needs no tool, in Markdown."""

    text: str


@dataclass(frozen=True)
class Call:
    tool: str
    arguments: Arguments


@dataclass(frozen=True)
class Calls:
    """Tool calls; `then` may turn their results into the next step, else the results are the answer.

    `if_not_found` is tried when one of them names a job that does not exist.
    """

    calls: tuple[Call, ...]
    then: Callable[[Sequence[JsonValue]], Step | None] | None = None
    if_not_found: Calls | None = None


Step = Say | Calls


def call(tool: str, arguments: Arguments) -> Calls:
    return Calls((Call(tool, arguments),))
