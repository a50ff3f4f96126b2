"""The skills of one or several folders, by name. Each folder with a `SKILL.md` in it is a skill.

Limits: one level of folders; other files of a skill are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ink_core.errors import NotFound
from skills.format import SKILL_FILE, Skill, read_skill

LIBRARY = Path(__file__).resolve().parent
"""The skills that are shipped."""


class SkillNotFound(NotFound):
    code = "skill_not_found"


class SkillCatalogue:
    """Skills in the order of their names."""

    def __init__(self, skills: Mapping[str, Skill]) -> None:
        self._skills = dict(sorted(skills.items()))

    @classmethod
    def load(cls, *folders: Path) -> SkillCatalogue:
        """Without a folder the shipped ones; of two skills with one name that of the later folder counts.

        Raises `InvalidSkill` for the first one that does not keep to the format.
        """
        skills = [read_skill(found) for folder in folders or (LIBRARY,) for found in skill_folders(folder)]
        return cls({skill.name: skill for skill in skills})

    def __iter__(self) -> Iterator[Skill]:
        return iter(self._skills.values())

    def get(self, name: str) -> Skill:
        """Raises `SkillNotFound`."""
        if name not in self._skills:
            raise SkillNotFound(f"there is no skill {name[:64]!r}; there are {', '.join(self._skills) or 'none'}")
        return self._skills[name]


def skill_folders(folder: Path) -> list[Path]:
    """In the order of their names; none where the folder does not exist."""
    return sorted(file.parent for file in folder.glob(f"*/{SKILL_FILE}") if file.is_file())
