"""The skill library: each folder with a `SKILL.md` is a skill; its front matter is checked, its text is read on demand.

A skill is knowledge, not code: how to reach a goal with the tools that exist. Limits: one level of folders; other files
of a skill are not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ink_core.errors import BadInput, NotFound

LIBRARY = Path(__file__).resolve().parent
MAX_BYTES = 64 * 1024
_PARTS = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)


class InvalidSkill(BadInput):
    """A SKILL.md that does not keep to the format; the text says which and why."""

    code = "invalid_skill"


class SkillNotFound(NotFound):
    code = "skill_not_found"


class FrontMatter(BaseModel):
    """Head of a SKILL.md. `tools` names the tools that the text relies on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)
    description: str = Field(min_length=20, max_length=500)
    tools: tuple[str, ...] = ()


@dataclass(frozen=True)
class Skill:
    name: str
    description: str
    tools: tuple[str, ...]
    text: str


class SkillCatalogue:
    """The skills of one folder, by name."""

    def __init__(self, skills: dict[str, Skill]) -> None:
        self._skills = skills

    @classmethod
    def load(cls, library: Path = LIBRARY) -> SkillCatalogue:
        """Raises `InvalidSkill` for the first skill that does not keep to the format."""
        found = [read_skill(folder) for folder in sorted(library.iterdir()) if (folder / "SKILL.md").is_file()]
        return cls({skill.name: skill for skill in found})

    def __iter__(self) -> Iterator[Skill]:
        return iter(self._skills.values())

    def get(self, name: str) -> Skill:
        if name not in self._skills:
            raise SkillNotFound(f"there is no skill {name[:64]!r}; there are {', '.join(self._skills) or 'none'}")
        return self._skills[name]


def read_skill(folder: Path) -> Skill:
    """One skill. Raises `InvalidSkill`."""
    file = folder / "SKILL.md"
    if file.stat().st_size > MAX_BYTES:
        raise InvalidSkill(f"{file} is larger than {MAX_BYTES} bytes; split the skill")
    try:
        head, text = _split(file.read_text("utf-8"))
        front = FrontMatter.model_validate(yaml.safe_load(head))
    except (UnicodeDecodeError, yaml.YAMLError, ValidationError, ValueError) as error:
        raise InvalidSkill(f"{file} is no valid skill: {error}") from error
    if front.name != folder.name:
        raise InvalidSkill(f"{file} calls itself {front.name}; name and folder must agree")
    return Skill(front.name, " ".join(front.description.split()), front.tools, text.strip())


def _split(content: str) -> tuple[str, str]:
    parts = _PARTS.match(content)
    if parts is None or not parts.group(2).strip():
        raise ValueError("it must begin with front matter between --- lines, and have a text after it")
    return parts.group(1), parts.group(2)
