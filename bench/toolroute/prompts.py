"""The prompts, and which of them are held out of any tuning.

The draw is by the English words alone, so that adding a prompt moves no other, and a prompt is in the same half in
both languages. The seed was fixed before any rule was tuned, and is not changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, model_validator

PROMPTS = Path(__file__).with_name("prompts.yaml")
SEED = "2026-11-26"


class Half(StrEnum):
    TUNED = "tuned"
    HELD_OUT = "held_out"


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ExpectedCall(_Closed):
    tool: str
    arguments: dict[str, JsonValue] = {}


class Prompt(_Closed):
    """`query`: a search must have one of the words of each entry, which are separated by `|`."""

    en: str
    zh: str
    call: ExpectedCall | None = None
    others: tuple[ExpectedCall, ...] = Field(default=(), alias="or")
    query: tuple[str, ...] = ()
    nothing: bool = False

    @model_validator(mode="after")
    def _asks_for_something_or_nothing(self) -> Prompt:
        if (self.call is None) is not self.nothing:
            raise ValueError(f"{self.en!r} needs a call, or nothing: true")
        return self

    @property
    def half(self) -> Half:
        drawn = sha256(f"{SEED} {self.en}".encode()).digest()[0]
        return Half.HELD_OUT if drawn % 2 else Half.TUNED

    @property
    def right_calls(self) -> Iterator[ExpectedCall]:
        if self.call:
            yield self.call
        yield from self.others


def load_prompts() -> tuple[Prompt, ...]:
    return TypeAdapter(tuple[Prompt, ...]).validate_python(yaml.safe_load(PROMPTS.read_text("utf-8")))
