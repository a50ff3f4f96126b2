"""The skills of the site: which there are, and the text of one."""

from __future__ import annotations

import asyncio

from pydantic import Field

from mcp_tools.context import ToolContext
from mcp_tools.spec import Confidentiality, Integrity, Label, Risk, RunsOn, ToolSpec, ToolValue


class ListSkills(ToolValue):
    pass


class SkillLine(ToolValue):
    name: str
    description: str
    version: str | None
    sha256: str


class SkillList(ToolValue):
    """`problems` name skills that are left out, and why."""

    skills: tuple[SkillLine, ...]
    problems: tuple[str, ...]


class ReadSkill(ToolValue):
    name: str = Field(min_length=1, max_length=64)


class SkillText(SkillLine):
    """`tools` are those that the text relies on; `sha256` is of the whole file."""

    tools: tuple[str, ...]
    text: str


async def _list(context: ToolContext, asked: ListSkills) -> SkillList:
    shelf = await asyncio.to_thread(context.services.skills.shelf)
    lines = [
        SkillLine(name=one.name, description=one.description, version=one.version, sha256=one.sha256)
        for one in shelf.skills
    ]
    return SkillList(skills=tuple(lines), problems=shelf.problems)


async def _read(context: ToolContext, asked: ReadSkill) -> SkillText:
    shelf = await asyncio.to_thread(context.services.skills.shelf)
    return SkillText(**vars(shelf.skills.get(asked.name)))


_LABEL = Label(Confidentiality.PUBLIC, Integrity.TRUSTED)

TOOLS = (
    ToolSpec(
        name="list_skills",
        title="List skills",
        description="Names and descriptions of the skills: how to reach a goal at this computing centre.",
        input=ListSkills,
        output=SkillList,
        risk=Risk.READ,
        scopes=frozenset(),
        runs_on=RunsOn.CORE,
        idempotent=True,
        timeout_s=15,
        label=_LABEL,
        run=_list,
    ),
    ToolSpec(
        name="read_skill",
        title="Read a skill",
        description="The text of a skill. Read it before you do what its description names.",
        input=ReadSkill,
        output=SkillText,
        risk=Risk.READ,
        scopes=frozenset(),
        runs_on=RunsOn.CORE,
        idempotent=True,
        timeout_s=15,
        label=_LABEL,
        run=_read,
    ),
)
