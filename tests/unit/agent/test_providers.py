"""Several providers at once: each can be chosen, gets what fits into it, and is left for another of its class."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

import pytest

from ink_core.labels import Confidentiality
from ink_core.settings import ModelSettings
from manager.agent.assembler import GUIDE_BUDGET
from manager.agent.choice import ModelChoice
from manager.agent.context_budget import ContextBudget
from manager.agent.model import ModelRefusedCredentials, ModelReply, ModelRequest, UserTurn
from manager.agent.switchable import ModelSwitchedOff
from manager.models import choose_models
from tests.doubles.openai_script import ScriptedReply
from tests.doubles.scripted_openai import ScriptedOpenAI

ANSWERS = ScriptedReply(text="hello", times=None)
REFUSES = ScriptedReply(mode="status", status=401, times=None)


@dataclass(frozen=True)
class Provider:
    name: str
    reply: ScriptedReply = field(default_factory=lambda: ANSWERS)
    trust: Literal["site", "external"] = "site"
    context_tokens: int = 32_768


@asynccontextmanager
async def providers(*given: Provider) -> AsyncGenerator[tuple[ModelChoice, dict[str, ScriptedOpenAI]]]:
    async with AsyncExitStack() as stack:
        servers = {one.name: await stack.enter_async_context(ScriptedOpenAI([one.reply])) for one in given}
        settings = [
            ModelSettings(
                name=one.name,
                base_url=servers[one.name].base_url,
                model=one.name,
                trust=one.trust,
                context_tokens=one.context_tokens,
            )
            for one in given
        ]
        choice = choose_models(settings)
        stack.push_async_callback(choice.aclose)
        yield choice, servers


async def asked(choice: ModelChoice, name: str, text: str = "hi") -> ModelReply:
    request = ModelRequest("", [UserTurn(text)], (), confidentiality=Confidentiality.SCRATCH)
    pieces = [piece async for piece in choice.named(name).stream(request)]
    assert isinstance(pieces[-1], ModelReply)
    return pieces[-1]


def requests(servers: dict[str, ScriptedOpenAI]) -> dict[str, int]:
    return {name: len(server.requests) for name, server in servers.items()}


@pytest.mark.requirement("AGENT-PROVIDER-04")
async def test_each_provider_can_be_chosen_and_answers_for_itself() -> None:
    given = (Provider("one"), Provider("two", context_tokens=8192), Provider("far", trust="external"))
    async with providers(*given) as (choice, servers):
        for name in ("two", "far", "one"):
            assert (await asked(choice, name)).model == name
        assert requests(servers) == {"one": 1, "two": 1, "far": 1}
        assert (choice.default.name, choice.budget("two")) == ("one", ContextBudget(total_tokens=6144))
        assert choice.budget("offline guide") == GUIDE_BUDGET


@pytest.mark.requirement("AGENT-PROVIDER-05")
@pytest.mark.parametrize("chosen", ["first", "last"])
async def test_whichever_is_chosen_the_others_of_its_class_stand_behind_it(chosen: str) -> None:
    broken = {chosen: REFUSES}
    given = [Provider(name, broken.get(name, ANSWERS)) for name in ("first", "last")]
    async with providers(Provider("far", trust="external"), *given) as (choice, servers):
        reply = await asked(choice, chosen)
        assert {reply.model, chosen} == {"first", "last"}
        assert requests(servers)["far"] == 0


@pytest.mark.requirement("AGENT-PROVIDER-04")
async def test_a_request_that_does_not_fit_into_the_next_model_is_not_sent_there() -> None:
    given = (Provider("large", REFUSES), Provider("small", context_tokens=1024))
    async with providers(*given) as (choice, servers):
        assert (await asked(choice, "large", "short")).model == "small"
        with pytest.raises(ModelRefusedCredentials):
            await asked(choice, "large", "long " * 2000)
        assert requests(servers) == {"large": 2, "small": 1}


@pytest.mark.requirement("WEB-ADMIN-01")
async def test_a_model_that_is_switched_off_is_not_asked_and_the_next_of_its_class_answers() -> None:
    async with providers(Provider("one"), Provider("two"), Provider("far", trust="external")) as (choice, servers):
        choice.switched_off.add("one")
        assert (await asked(choice, "one")).model == "two"
        choice.switched_off.add("two")
        with pytest.raises(ModelSwitchedOff, match="two was switched off"):
            await asked(choice, "one")
        assert requests(servers) == {"one": 0, "two": 1, "far": 0}
