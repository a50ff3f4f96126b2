"""The profiles that are shipped: what they rely on is there, and each of them is played through to its result."""

from __future__ import annotations

from typing import Any, cast

import pytest

from ink_core.identity.principal import Scope
from manager.agent.model import ModelReply
from manager.subagents.library import SHIPPED, ProfileLibrary
from manager.subagents.profile import Profile
from mcp_tools.catalogue import default_catalogue
from skills.library import SkillLibrary
from tests.unit.subagents.conftest import Start
from tests.unit.subagents.family import Cast, ReadyLauncher, delegates, reply

NAMES = ("code-debug", "data-analysis", "mc-simulation", "operations", "systematics-validation")
SHELF = ProfileLibrary().shelf()
NUMBER = 3


def result_of(schema: dict[str, Any]) -> Any:
    """Something that keeps to a schema of the kinds that profiles use, with all of its fields."""
    if "enum" in schema:
        return schema["enum"][0]
    match schema["type"]:
        case "object":
            return {name: result_of(field) for name, field in schema["properties"].items()}
        case "array":
            return [result_of(schema["items"])]
        case "string":
            return "figs"
        case "boolean":
            return True
        case _:
            return NUMBER


@pytest.mark.requirement("AGENT-SUB-01")
def test_the_five_profiles_are_shipped_and_well_formed() -> None:
    assert SHELF.problems == ()
    assert tuple(SHELF.profiles) == NAMES
    assert sorted(file.stem for file in SHIPPED.glob("*.md")) == list(NAMES)
    delegate = default_catalogue().get("delegate")
    assert all(name in delegate.description for name in NAMES)


@pytest.mark.parametrize("profile", SHELF.profiles.values(), ids=lambda profile: profile.name)
def test_the_tools_scopes_and_skills_of_a_profile_are_there(profile: Profile) -> None:
    known = {spec.name: spec for spec in default_catalogue() if spec.for_models}
    assert profile.tools <= known.keys()
    needed = frozenset[Scope]().union(*(known[tool].scopes for tool in profile.tools))
    assert needed <= profile.scopes
    skills = {skill.name for skill in SkillLibrary().shelf().skills}
    assert set(profile.skills) <= skills
    assert {"list_skills", "read_skill", "read_result"} <= profile.tools


@pytest.mark.requirement("AGENT-SUB-01")
@pytest.mark.parametrize("profile", SHELF.profiles.values(), ids=lambda profile: profile.name)
async def test_a_profile_gives_its_prompt_tools_skills_and_form(start: Start, profile: Profile) -> None:
    result = result_of(cast("dict[str, Any]", profile.result))
    handed = reply(("hand_in", {"result": {**result, "more": 1}})), reply(("hand_in", {"result": result}))
    model = Cast({"find": [delegates((profile.name, "look: figs")), ModelReply("found", ())], "look": handed})
    family = await (await start(model)).again(launcher=ReadyLauncher())
    session = await family.ask("find figs for me")
    await family.until(session, "turn.ended")
    await family.close()
    (outcome,) = await family.outcomes(session)
    assert outcome["result"]["result"] == result
    asked = next(request for part, request in model.requests if part == "look")
    assert profile.prompt in asked.system
    assert all(f"- {skill}: " in asked.system for skill in profile.skills)
    offered = {tool.name for tool in asked.tools}
    assert offered == {*profile.tools, "hand_in"}
    view = await family.sessions.view(outcome["result"]["session_id"])
    assert view.authority is not None
    assert view.authority.scopes == profile.scopes - {Scope.ADMIN}  # which alice has not
    assert (view.worker_id is not None) == (profile.worker == "own")
