"""SKILL.md: front matter between `---` lines, then the text. Read, checked and hashed here.

The front matter is that of the common format of agent skills: `name`, `description`, and optionally `license`,
`compatibility`, `metadata` and `allowed-tools`. A skill is knowledge, not code: it gives nobody a right, and
`allowed-tools` only names the tools that its text relies on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ink_core.errors import BadInput

SKILL_FILE = "SKILL.md"
MAX_BYTES = 64 * 1024
_PARTS = re.compile(r"\A---\r?\n(.*?)\r?\n---\r?\n(.*)\Z", re.DOTALL)


class InvalidSkill(BadInput):
    """A SKILL.md that does not keep to the format; the text says which and why."""

    code = "invalid_skill"


def _words(value: Any) -> Any:
    return value.split() if isinstance(value, str) else value


class FrontMatter(BaseModel):
    """Head of a SKILL.md. `allowed-tools` are names, a list or with spaces between; `metadata.version` is told."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)
    description: str = Field(min_length=20, max_length=1024)
    license: str | None = Field(default=None, max_length=500)
    compatibility: str | None = Field(default=None, max_length=500)
    metadata: dict[str, str] = Field(default={}, max_length=50)
    allowed_tools: Annotated[tuple[str, ...], BeforeValidator(_words)] = Field(default=(), alias="allowed-tools")


@dataclass(frozen=True)
class Skill:
    """`sha256` is that of the whole file, in hexadecimal: what one read is what one pinned, or it is not."""

    name: str
    description: str
    tools: tuple[str, ...]
    text: str
    version: str | None
    sha256: str


def read_skill(folder: Path) -> Skill:
    """The skill of a folder, whose name it has. Raises `InvalidSkill`."""
    file = folder / SKILL_FILE
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise InvalidSkill(f"{file} cannot be read: {error.strerror}") from error
    try:
        skill = parse_skill(content)
    except InvalidSkill as error:
        raise InvalidSkill(f"{file}: {error}") from error
    if skill.name != folder.name:
        raise InvalidSkill(f"{file} calls itself {skill.name}; name and folder must agree")
    return skill


@lru_cache(maxsize=64)
def parse_skill(content: bytes) -> Skill:
    """Raises `InvalidSkill`. Kept by content: the library is read again when one file of it has changed."""
    if len(content) > MAX_BYTES:
        raise InvalidSkill(f"it is larger than {MAX_BYTES} bytes; split the skill")
    try:
        head, text = _split(content.decode())
        front = FrontMatter.model_validate(load_yaml(head))
    except (UnicodeDecodeError, yaml.YAMLError, ValidationError, ValueError) as error:
        raise InvalidSkill(f"it is no valid skill: {error}") from error
    description = " ".join(front.description.split())
    version = front.metadata.get("version")
    return Skill(front.name, description, front.allowed_tools, text.strip(), version, sha256(content).hexdigest())


def load_yaml(text: str | bytes) -> Any:
    """Raises `ValueError` also for aliases: ten lines of them can stand for billions of values."""
    if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
        raise ValueError("aliases (*name) are not taken; write the value out")
    return yaml.safe_load(text)


def _split(content: str) -> tuple[str, str]:
    parts = _PARTS.match(content)
    if parts is None or not parts.group(2).strip():
        raise ValueError("it must begin with front matter between --- lines, and have a text after it")
    return parts.group(1), parts.group(2)
