"""The user's own skills and a project's: which there are, the text of one that was accepted, and accepting one."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ink_core.errors import Conflict, Forbidden, InkError
from ink_core.identity.principal import Scope
from ink_core.labels import most_confidential
from mcp_tools.context import ToolContext
from mcp_tools.file_changes import preview_of
from mcp_tools.own_skill_files import (
    NAME,
    SkillLevel,
    SkillPlace,
    check_tools,
    names_in,
    place_of,
    places,
    read_own,
)
from mcp_tools.result_labels import of_files, of_home
from mcp_tools.spec import Confidentiality, Integrity, Label, Preview, Risk, RunsOn, ToolSpec, ToolValue
from skills.format import Skill

_OWN_NAME = rf"^(user|project):{NAME}$"


class SkillNotAccepted(Forbidden):
    """Its text is untrusted: whoever may write there could have written it."""

    code = "skill_not_accepted"


class SkillChanged(Conflict):
    code = "skill_changed"


class OwnSkills(ToolValue):
    name: str | None = Field(default=None, max_length=80, pattern=_OWN_NAME)
    directory: str = Field(default=".", min_length=1, max_length=4000)


class OwnSkillLine(ToolValue):
    """`state` `new`: not accepted as it is now. `invalid`: it does not keep to the format, or asks for too much."""

    name: str
    state: Literal["accepted", "new", "invalid"]
    sha256: str | None
    description: str | None


class OwnSkillList(ToolValue):
    """`text` is that of the skill which was named."""

    skills: tuple[OwnSkillLine, ...]
    text: str | None = None


class AcceptSkill(ToolValue):
    name: str = Field(max_length=80, pattern=_OWN_NAME)
    directory: str = Field(default=".", min_length=1, max_length=4000)
    sha256: str = Field(pattern="^[0-9a-f]{64}$", description="Of the text that was looked at.")


class ForgetSkill(ToolValue):
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class SkillAcceptance(ToolValue):
    sha256: str
    accepted: bool


async def _own(context: ToolContext, asked: OwnSkills) -> OwnSkillList:
    if asked.name is not None:
        return await _read(context, asked.name, asked.directory)
    lines: list[OwnSkillLine] = []
    for place in places(context, asked.directory):
        lines += [await _line(context, place, name) for name in await names_in(context, place)]
    return OwnSkillList(skills=tuple(lines))


async def _read(context: ToolContext, name: str, directory: str) -> OwnSkillList:
    skill = await _named(context, name, directory)
    if not context.services.accepted_skills.has(context.principal.username, skill.sha256):
        how = f"`ink skill accept {name}` shows it and asks you; as data it can be read as any file"
        raise SkillNotAccepted(f"you have not accepted {name} as it is now ({skill.sha256[:12]}): {how}")
    return OwnSkillList(skills=(_accepted(name, skill),), text=skill.text)


async def _line(context: ToolContext, place: SkillPlace, folder: str) -> OwnSkillLine:
    """Of one that is not accepted nothing is told that stands in it."""
    name = f"{place.level}:{folder}"
    try:
        skill = await read_own(context, place, folder)
        check_tools(context, skill)
    except InkError as error:
        if error.retryable:
            raise
        return OwnSkillLine(name=name, state="invalid", sha256=None, description=None)
    if context.services.accepted_skills.has(context.principal.username, skill.sha256):
        return _accepted(name, skill)
    return OwnSkillLine(name=name, state="new", sha256=skill.sha256, description=None)


def _accepted(name: str, skill: Skill) -> OwnSkillLine:
    return OwnSkillLine(name=name, state="accepted", sha256=skill.sha256, description=skill.description)


async def _named(context: ToolContext, name: str, directory: str) -> Skill:
    level, _, folder = name.partition(":")
    skill = await read_own(context, place_of(context, SkillLevel(level), directory), folder)
    check_tools(context, skill)
    return skill


async def _to_accept(context: ToolContext, asked: AcceptSkill) -> Skill:
    skill = await _named(context, asked.name, asked.directory)
    if skill.sha256 != asked.sha256:
        raise SkillChanged(f"{asked.name} is another text by now ({skill.sha256[:12]}); look at it again")
    return skill


async def _accept(context: ToolContext, asked: AcceptSkill) -> SkillAcceptance:
    skill = await _to_accept(context, asked)
    await context.services.accepted_skills.accept(context.principal.username, asked.name, skill.sha256)
    return SkillAcceptance(sha256=skill.sha256, accepted=True)


async def _preview(context: ToolContext, asked: AcceptSkill) -> Preview:
    skill = await _to_accept(context, asked)
    preview = preview_of(context, f"Follow the skill {asked.name} as it is now", asked.name)
    details = (skill.description, f"tools: {', '.join(skill.tools) or 'none'}", f"sha256 {skill.sha256}")
    return preview.model_copy(update={"details": details, "undo": "forget_skill"})


async def _text(context: ToolContext, asked: AcceptSkill) -> str:
    """Whoever accepts it reads all of it."""
    return (await _to_accept(context, asked)).text


async def _forget(context: ToolContext, asked: ForgetSkill) -> SkillAcceptance:
    await context.services.accepted_skills.forget(context.principal.username, asked.sha256)
    return SkillAcceptance(sha256=asked.sha256, accepted=False)


def _reached(context: ToolContext, asked: ToolValue) -> Confidentiality:
    return most_confidential((of_home(context, asked), of_files(context, asked)))


_LABEL = Label(Confidentiality.PUBLIC, Integrity.TRUSTED)


async def _label(context: ToolContext, asked: OwnSkills) -> Label:
    """A list has names of folders, which anybody could have written there."""
    return _LABEL if asked.name else Label(Confidentiality.PUBLIC, Integrity.UNTRUSTED)


TOOLS = (
    ToolSpec(
        name="own_skills",
        title="Own skills",
        description="Skills of the user's home and of a directory: all, or the text of one that the user accepted.",
        input=OwnSkills,
        output=OwnSkillList,
        risk=Risk.READ,
        scopes=frozenset({Scope.FILES_READ}),
        runs_on=RunsOn.EXECUTE,
        idempotent=True,
        timeout_s=60,
        label=_LABEL,
        label_of=_label,
        confidentiality_of=_reached,
        run=_own,
    ),
    ToolSpec(
        name="accept_skill",
        title="Accept a skill",
        description="Take the text of one of one's own skills, or of a project's, for one's own words from now on.",
        input=AcceptSkill,
        output=SkillAcceptance,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.FILES_READ, Scope.AGENT_USE}),
        runs_on=RunsOn.EXECUTE,
        idempotent=True,
        for_models=False,
        timeout_s=60,
        label=_LABEL,
        confidentiality_of=_reached,
        run=_accept,
        preview=_preview,
        diff=_text,
    ),
    ToolSpec(
        name="forget_skill",
        title="Forget a skill",
        description="Take a skill that was accepted for untrusted text again.",
        input=ForgetSkill,
        output=SkillAcceptance,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.AGENT_USE}),
        runs_on=RunsOn.CORE,
        idempotent=True,
        for_models=False,
        timeout_s=15,
        label=_LABEL,
        run=_forget,
    ),
)
