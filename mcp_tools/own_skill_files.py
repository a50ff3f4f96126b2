"""Skills in a user's home and in a project, read by the user's own agent: `.ink/skills/NAME/SKILL.md`.

What is written there may be anybody's. Until the user has accepted a text nothing of it is repeated here, not even in
an error: only names of folders, sums, and names of tools that there are.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from secrets import token_hex

from pydantic import JsonValue

from ink_core.agents import AccessPoint, AgentTarget
from ink_core.errors import AgentFault, BadInput, Forbidden, NotFound
from ink_core.identity.principal import Scope
from mcp_tools.context import ToolContext
from mcp_tools.targets import agent_of, from_home
from skills.format import MAX_BYTES, SKILL_FILE, InvalidSkill, Skill, parse_skill
from worker_agent import protocol

FOLDER = ".ink/skills"
MAX_LISTED = 50
NAME = r"[a-z0-9]+(-[a-z0-9]+)*"


class SkillLevel(StrEnum):
    """`user`: in the home at the access point. `project`: in a directory of the session's place."""

    USER = "user"
    PROJECT = "project"


class OwnSkillNotFound(NotFound):
    code = "skill_not_found"


class SkillAsksTooMuch(Forbidden):
    """The skill relies on tools that whoever would follow it may not use."""

    code = "skill_asks_too_much"


@dataclass(frozen=True)
class SkillPlace:
    level: SkillLevel
    agent: AgentTarget
    folder: str


def places(context: ToolContext, directory: str) -> tuple[SkillPlace, ...]:
    """The home's, and the project's where that is another place."""
    home = SkillPlace(SkillLevel.USER, AccessPoint(context.acting_as), FOLDER)
    base = from_home(directory).rstrip("/") or "/"
    project = SkillPlace(SkillLevel.PROJECT, agent_of(context), FOLDER if base == "." else f"{base}/{FOLDER}")
    is_same = (project.agent, project.folder) == (home.agent, home.folder)
    return (home,) if is_same else (home, project)


def place_of(context: ToolContext, level: SkillLevel, directory: str) -> SkillPlace:
    """Raises `OwnSkillNotFound` where the project is the home itself."""
    for place in places(context, directory):
        if place.level is level:
            return place
    raise OwnSkillNotFound("this place is your home, whose skills are called user:NAME")


async def names_in(context: ToolContext, place: SkillPlace) -> tuple[str, ...]:
    """Names of folders that could be skills; none where there is no such directory."""
    asked = protocol.FilesList(path=place.folder, limit=MAX_LISTED)
    try:
        listed = protocol.FilesListed.model_validate(await _look(context, place, "files.list", asked.model_dump()))
    except AgentFault as error:
        if error.code in ("not_found", "not_a_directory"):
            return ()
        raise
    return tuple(entry.name for entry in listed.entries if re.fullmatch(NAME, entry.name) and len(entry.name) <= 64)


async def read_own(context: ToolContext, place: SkillPlace, name: str) -> Skill:
    """The skill as its file is now. Raises `OwnSkillNotFound`, and `BadInput` for what is no skill."""
    path = f"{place.folder}/{name}/{SKILL_FILE}"
    asked = protocol.FilesRead(path=path, length=MAX_BYTES + 1)
    try:
        answer = await _look(context, place, "files.read", asked.model_dump(exclude_none=True))
    except AgentFault as error:
        if error.code in ("not_found", "not_a_directory"):
            raise OwnSkillNotFound(f"there is no skill {place.level}:{name}") from None
        raise
    content = base64.b64decode(protocol.FileContent.model_validate(answer).content)
    try:
        skill = parse_skill(content)
    except InvalidSkill:
        raise BadInput(f"{place.level}:{name} does not keep to the format; `ink skill lint` says why") from None
    if skill.name != name:
        raise BadInput(f"{place.level}:{name} calls itself otherwise; name and folder must agree")
    return skill


def check_tools(context: ToolContext, skill: Skill) -> None:
    """A skill gives nobody a right; one that relies on more than its reader has is not followed at all.

    Raises `SkillAsksTooMuch`.
    """
    wanted = [context.services.tools.needs(name) for name in skill.tools]
    if None in wanted:
        raise SkillAsksTooMuch("the skill relies on tools that no agent has")
    missing = frozenset[Scope]().union(*filter(None, wanted)) - context.principal.scopes
    if missing:
        named = ", ".join(sorted(scope.value for scope in missing))
        raise SkillAsksTooMuch(f"the skill relies on tools that need the scope {named}")


async def _look(context: ToolContext, place: SkillPlace, method: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
    return await context.services.agents.call(
        place.agent, method, arguments, operation_id=f"look-{token_hex(12)}", deadline_s=context.deadline_s - 5
    )
