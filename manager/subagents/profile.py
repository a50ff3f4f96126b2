"""A profile of sub-agents: front matter between `---` lines, then its part of the prompt. Read and checked here.

A profile gives nobody a right: a child has what its parent has of it (`rights`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, ValidationError

from ink_core.errors import BadInput
from ink_core.identity.principal import Scope
from mcp_tools.subagents import LONGEST_S
from skills.format import load_yaml

MAX_BYTES = 64 * 1024
_PARTS = re.compile(r"\A---\r?\n(.*?)\r?\n---\r?\n(.*)\Z", re.DOTALL)


class InvalidProfile(BadInput):
    """A file that does not keep to the format; the text says which and why."""

    code = "invalid_profile"


def _closed(schema: dict[str, JsonValue]) -> dict[str, JsonValue]:
    if schema.get("type") != "object":
        raise ValueError("the result must be an object")
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        raise ValueError(f"it is no JSON schema: {error.message}") from error
    for part in _parts(schema):
        if "$ref" in part:
            raise ValueError("it must be self-contained: $ref is not taken")
        if part.get("type") == "object" and part.get("additionalProperties") is not False:
            raise ValueError("each object in it must say additionalProperties: false")
    return schema


def _parts(node: JsonValue) -> Iterator[dict[str, JsonValue]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _parts(value)
    elif isinstance(node, list):
        for item in node:
            yield from _parts(item)


class Profile(BaseModel):
    """`share` is of what the parent's budget has left; `tokens`, `calls` and `minutes` are the most of it all the same.

    `worker`: the child works where its parent does, or in a worker agent of its `own`. `model`: that of its parent, or
    one of the site where its parent has another.
    `result`: closed JSON schema of what it hands in. `prompt` is the text below the front matter.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)
    description: str = Field(min_length=20, max_length=500)
    tools: frozenset[str] = Field(min_length=1, max_length=100)
    scopes: frozenset[Scope]
    skills: tuple[str, ...] = Field(default=(), max_length=20)
    worker: Literal["parent", "own"] = "parent"
    model: Literal["parent", "site"] = "parent"
    share: float = Field(default=0.25, gt=0, le=1)
    tokens: int = Field(default=200_000, ge=1_000, le=10_000_000)
    calls: int = Field(default=60, ge=1, le=1_000)
    minutes: int = Field(default=30, ge=1, le=LONGEST_S // 60)
    result: Annotated[dict[str, JsonValue], AfterValidator(_closed)]
    prompt: str = Field(min_length=20, max_length=16_000)


def read_profile(file: Path) -> Profile:
    """The profile of a file, which has its name. Raises `InvalidProfile`."""
    try:
        with file.open("rb") as opened:
            profile = parse_profile(opened.read(MAX_BYTES + 1))
    except OSError as error:
        raise InvalidProfile(f"{file} cannot be read: {error.strerror}") from error
    except InvalidProfile as error:
        raise InvalidProfile(f"{file}: {error}") from error
    if profile.name != file.stem:
        raise InvalidProfile(f"{file} calls itself {profile.name}; name and file must agree")
    return profile


def parse_profile(content: bytes) -> Profile:
    """Raises `InvalidProfile`."""
    if len(content) > MAX_BYTES:
        raise InvalidProfile(f"it is larger than {MAX_BYTES} bytes")
    try:
        parts = _PARTS.match(content.decode())
        if parts is None:
            raise ValueError("it must begin with front matter between --- lines, and have a text after it")
        front = load_yaml(parts.group(1))
        if not isinstance(front, dict):
            raise ValueError("its front matter must be fields with values")
        return Profile.model_validate({**front, "prompt": parts.group(2).strip()})
    except (UnicodeDecodeError, yaml.YAMLError, ValidationError, ValueError) as error:
        raise InvalidProfile(f"it is no valid profile: {error}") from error
