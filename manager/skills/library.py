"""The library of skills that the settings name."""

from __future__ import annotations

from ink_core.settings import Settings
from skills.library import SkillLibrary


def open_library(settings: Settings) -> SkillLibrary:
    return SkillLibrary(settings.skills.folders, settings.skills.pins)
