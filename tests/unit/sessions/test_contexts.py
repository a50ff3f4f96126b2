"""Facts of the global model go with each question to a model: recorded, replayed, labelled, within its clearance."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from audit.chains import session_chain
from ink_core.labels import LOWEST, Confidentiality, Integrity, Label
from knowledge_graph.context.pack import ContextPack, PackedFact
from manager.agent.context import HEADING, Audience, SentContext
from manager.agent.model import TrustClass
from manager.agent.openai_wire import messages
from manager.gate.provenance import Provenance, fold
from manager.replay import replay
from tests.unit.sessions.setting import ALICE, Setting, calls, repeats_result, says

PRIVATE = Label(Confidentiality.USER, Integrity.UNTRUSTED)


class Told:
    """Tells one thing after the other, and notes for whom and for what."""

    def __init__(self, *texts: str, label: Label = LOWEST) -> None:
        self.texts = list(texts)
        self.label = label
        self.asked: list[tuple[str, str, Confidentiality]] = []

    async def context(
        self, question: str, audience: Audience, most: Confidentiality, now: datetime
    ) -> SentContext | None:
        self.asked.append((question, audience.principal.username, most))
        return SentContext.of(pack(self.texts.pop(0), self.label)) if self.texts else None


def pack(text: str, label: Label) -> ContextPack:
    fact = PackedFact("node:wn1.state@collector", text, "collector", 1.0, label, 1.0, 5, "named in the question")
    return ContextPack(text, (fact,), (), 5, 100, label, 1)


async def answered(setting: Setting, text: str = "is wn1 up?") -> str:
    """The session, when its turn has ended."""
    service = await setting.start()
    session = await service.open(ALICE, "", None)
    await service.post(ALICE, session.session_id, text)
    await setting.until(session.session_id, "turn.ended")
    await service.close()
    return session.session_id


def of_site(*steps: object, trust: TrustClass = TrustClass.SITE) -> Setting:
    setting = Setting(*steps)  # type: ignore[arg-type]
    setting.model.trust = trust
    return setting


@pytest.mark.requirement("MODEL-CONTEXT-02")
async def test_each_decision_of_a_model_has_a_context_of_its_own_as_the_last_thing_that_it_reads() -> None:
    setting = of_site(calls("remove_jobs"), repeats_result)
    setting.contexts = told = Told("wn1 is down\n", "wn1 is up\n")
    await answered(setting)
    assert [request.context for request in setting.model.requests] == [
        f"{HEADING}wn1 is down\n",
        f"{HEADING}wn1 is up\n",
    ]
    assert [question for question, _, _ in told.asked] == ["is wn1 up?", "is wn1 up?\n{}"]
    request = setting.model.requests[0]
    wire = messages(request.system, request.turns, request.context)
    assert wire[-1] == {"role": "user", "content": f"is wn1 up?\n\n{HEADING}wn1 is down\n"}
    result = setting.model.requests[1]
    assert str(messages("", result.turns, result.context)[-1]["content"]).endswith("wn1 is up\n")


@pytest.mark.requirement("MODEL-CONTEXT-03")
async def test_a_replay_sees_the_context_that_the_model_saw_whatever_is_known_now() -> None:
    setting = of_site(calls("remove_jobs"), repeats_result)
    setting.contexts = Told("password=hunter2 on wn1\n", "wn1 is up\n")
    session_id = await answered(setting)
    events = await setting.ledger.read(session_chain(session_id))
    assert setting.catalogue is not None
    catalogue = setting.catalogue
    result = replay(events, lambda principal: catalogue.allowed(principal.scopes))
    assert (result.problems, result.identical) == ([], 2)
    sent = [event.body["context"] for event in events if event.kind == "model.sent"]
    assert [context["facts"] for context in sent] == [["node:wn1.state@collector"]] * 2  # type: ignore[index,call-overload]
    texts = [event.body["text"] for event in events if event.kind == "model.sent"]
    assert "hunter2" not in str(texts) + setting.model.requests[0].context
    assert "wn1 is up" in str(texts) and "wn1 is up" not in str(sent)


@pytest.mark.requirement("MODEL-CONTEXT-05")
@pytest.mark.parametrize(
    ("trust", "most"),
    [(TrustClass.SITE, Confidentiality.USER), (TrustClass.EXTERNAL, Confidentiality.SCRATCH)],
)
async def test_a_context_is_for_the_user_who_asks_and_what_the_model_may_see(
    trust: TrustClass, most: Confidentiality
) -> None:
    setting = of_site(says("yes"), trust=trust)
    setting.contexts = told = Told()
    await answered(setting)
    assert told.asked == [("is wn1 up?", "alice", most)]


@pytest.mark.requirement("MODEL-CONTEXT-05")
async def test_a_session_is_as_confidential_as_the_contexts_that_it_was_given() -> None:
    setting = of_site(says("yes"))
    setting.contexts = Told("wn1 is up\n", label=PRIVATE)
    session_id = await answered(setting)
    service = await setting.start()
    assert (await service.get(ALICE, session_id)).confidentiality is Confidentiality.USER
    await service.close()


async def test_a_context_above_what_the_model_may_see_does_not_leave() -> None:
    setting = of_site(says("yes"), trust=TrustClass.EXTERNAL)
    setting.contexts = Told("wn1 is up\n", label=PRIVATE)
    session_id = await answered(setting)
    assert setting.model.requests == []
    assert "model.failed" in await setting.kinds(session_id)


async def test_calls_after_an_untrusted_context_derive_from_it() -> None:
    setting = of_site(says("yes"))
    setting.contexts = Told("wn1 is up\n", label=PRIVATE)
    session_id = await answered(setting)
    assert setting.catalogue is not None
    state = Provenance()
    for event in await setting.ledger.read(session_chain(session_id)):
        state = fold(state, event, setting.catalogue)
    assert state.tainted
    assert state.asked == PRIVATE


async def test_the_plan_of_what_the_user_asked_for_is_made_without_any_context() -> None:
    setting = of_site(calls("remove_jobs"), says('{"steps": []}'), says("waits"))
    setting.contexts = Told("wn1 is up\n", label=PRIVATE)
    service = await setting.start()
    session = await service.open(ALICE, "", None)
    await service.post(ALICE, session.session_id, "remove my jobs")
    await setting.until(session.session_id, "plan.made")
    await service.close()
    plan = next(request for request in setting.model.requests if request.system.startswith("You plan"))
    assert plan.context == ""


async def test_the_built_in_guide_is_given_none() -> None:
    setting = of_site(says("yes"), trust=TrustClass.BUILTIN)
    setting.contexts = told = Told("wn1 is up\n")
    await answered(setting)
    assert told.asked == []


def test_an_empty_pack_is_no_context() -> None:
    assert SentContext.of(replace(pack("", LOWEST), facts=())) is None
