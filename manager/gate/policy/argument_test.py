"""Tests of one argument of a call: equality, sets, bounds, paths, shapes, and the items of a list.

An argument that is absent or null passes `is: null` and `given: false` and nothing else. True is no number.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, FiniteFloat, JsonValue, model_validator

Glob = Annotated[str, Field(min_length=1, max_length=200)]


def _plain(value: JsonValue) -> JsonValue:
    if isinstance(value, list | dict):
        raise ValueError("compare with text, a number, true, false or null; for lists there are some and every")
    return value


def _place(value: str) -> str:
    if not value.startswith(("/", "~/", "./")) and value not in ("~", "."):
        raise ValueError("a path here begins with / or ~ (the home) or . (the workspace)")
    return value


Plain = Annotated[JsonValue, AfterValidator(_plain)]
Place = Annotated[str, Field(min_length=1, max_length=4096), AfterValidator(_place)]


class ArgumentTest(BaseModel):
    """All given tests must pass."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    given: bool | None = Field(None, description="Whether there is a value.")
    equals: Plain = Field(None, alias="is", description="Exactly this.")
    one_of: tuple[Plain, ...] | None = Field(None, description="One of these.")
    none_of: tuple[Plain, ...] | None = Field(None, description="None of these.")
    over: FiniteFloat | None = Field(None, description="A number above this.")
    under: FiniteFloat | None = Field(None, description="A number below this.")
    longer_than: int | None = Field(None, ge=0, description="Text or a list longer than this.")
    like: tuple[Glob, ...] | None = Field(None, description="Text of one of these shapes; `*` and `?` are wild.")
    beneath: tuple[Place, ...] | None = Field(None, description="A path at or below one of these.")
    outside: tuple[Place, ...] | None = Field(
        None, description="A path that is not certainly at or below one of these."
    )
    some: ArgumentTest | None = Field(None, description="A list of which one item passes this test.")
    every: ArgumentTest | None = Field(None, description="A list with items, all of which pass this test.")

    @model_validator(mode="after")
    def _tests_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("say what is tested, for instance {over: 500}")
        empty = [name for name in self.model_fields_set - {"equals"} if getattr(self, name) in (None, ())]
        if empty:
            raise ValueError(f"{sorted(empty)[0]} is empty; leave it out where it should say nothing")
        return self
