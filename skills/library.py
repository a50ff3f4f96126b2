"""The shipped skills and the site's own, as their folders are now: what is added or changed shows up by itself.

A skill that does not keep to the format is left out and named as a problem; the others stay. A pinned skill whose
content is another one than that of its pin is left out too: text that a model follows changes when somebody says so.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from skills.catalogue import LIBRARY, SkillCatalogue, skill_folders
from skills.format import SKILL_FILE, InvalidSkill, Skill, read_skill

MAX_SKILLS = 500
_Stamp = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True)
class Shelf:
    """What is in the library at one moment. `problems` say which skill is left out, and why."""

    skills: SkillCatalogue
    problems: tuple[str, ...]


class SkillLibrary:
    """Folders are read again when a file in them has changed. `pins` are SHA-256 sums by the names of skills.

    Of two skills with one name that of the later folder counts. May be used from any thread.
    """

    def __init__(self, folders: Sequence[Path] = (), pins: Mapping[str, str] | None = None) -> None:
        self._folders = (LIBRARY, *folders)
        self._pins = pins or {}
        self._lock = threading.Lock()
        self._stamp: _Stamp | None = None
        self._shelf = Shelf(SkillCatalogue({}), ())

    def shelf(self) -> Shelf:
        """Looks at the files' times each time, which for a hundred skills takes about a millisecond."""
        with self._lock:
            found = [one for folder in self._folders for one in skill_folders(folder)]
            stamp = tuple(map(_stamped, found))
            if stamp != self._stamp:
                self._shelf, self._stamp = self._read(found), stamp
            return self._shelf

    def _read(self, found: Sequence[Path]) -> Shelf:
        skills, problems = dict[str, Skill](), list[str]()
        if len(found) > MAX_SKILLS:
            problems.append(f"there are {len(found)} skills; only the first {MAX_SKILLS} are used")
        for folder in found[:MAX_SKILLS]:
            try:
                skill = read_skill(folder)
                self._check_pin(skill)
            except InvalidSkill as error:
                problems.append(str(error))
            else:
                skills[skill.name] = skill
        return Shelf(SkillCatalogue(skills), tuple(problems))

    def _check_pin(self, skill: Skill) -> None:
        if self._pins.get(skill.name, skill.sha256) != skill.sha256:
            raise InvalidSkill(f"skill {skill.name} has changed: it is {skill.sha256}, and another content is pinned")


def _stamped(folder: Path) -> tuple[str, int, int, int]:
    file = folder / SKILL_FILE
    try:
        status = file.stat()
    except OSError:  # it has just gone
        return str(file), 0, 0, 0
    return str(file), status.st_mtime_ns, status.st_size, status.st_ino
