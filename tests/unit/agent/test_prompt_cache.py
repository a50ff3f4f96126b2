"""What a provider has read before stands at the beginning of the next request, byte for byte."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from ink_core.identity.principal import USER_SCOPES, Principal
from manager.agent import loop, openai_wire, schema_mode
from manager.agent.assembler import Assembler
from manager.agent.model import ModelRequest
from mcp_tools.catalogue import default_catalogue
from tests.unit.agent.histories import Body, asked, done, message, proposed, replied, written

CATALOGUE = default_catalogue()
ASSEMBLER = Assembler(lambda who: CATALOGUE.offered(who.scopes), lambda: ("dev",))
ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="test")
BEGIN = datetime(2026, 1, 1, 12, tzinfo=UTC)


def conversation(turns: int) -> list[tuple[str, Body]]:
    """Two calls in each turn, then an answer."""
    records = list[tuple[str, Body]]()
    for turn in range(1, turns + 1):
        records += [message(f"question {turn}"), asked(turn)]
        for number in range(2):
            call = f"s1.{turn}.{number}"
            records += [replied(turn, "", written(number=number)), proposed(call), done(call, {"jobs": turn})]
            records.append(asked(turn))
        records += [replied(turn, f"answer {turn}"), ("turn.ended", {"turn": turn, "reason": "answered"})]
    return records


def requests() -> list[ModelRequest]:
    """Each question to the model a minute after the record before, with facts that are others each time."""
    state, made = loop.begin("s1"), list[ModelRequest]()
    for place, (kind, body) in enumerate(conversation(4)):
        at = BEGIN + timedelta(minutes=place)
        state, _ = loop.handle(state, kind, body, at)
        if kind == "model.asked":
            made.append(ASSEMBLER.request(state, ALICE, None, at, f"facts of {at}"))
    return made


def sent(request: ModelRequest, tail: str) -> str:
    """As a provider reads it: the tools, then the messages."""
    messages = openai_wire.messages(request.system, request.turns, tail)
    return json.dumps([*openai_wire.tools(request.tools), *messages])


@pytest.mark.requirement("AGENT-PROVIDER-08")
@pytest.mark.parametrize("by_schema", [False, True])
def test_all_of_a_request_but_its_tail_is_the_beginning_of_the_next_one(by_schema: bool) -> None:
    made = [schema_mode.as_text(request) if by_schema else request for request in requests()]
    assert len(made) == 12
    for before, after in pairwise(made):
        lasting = sent(before, "").removesuffix("]").removesuffix('"}')
        assert sent(before, before.tail).startswith(lasting)
        assert sent(after, after.tail).startswith(lasting)
    assert all("It is 2026" in request.tail and "facts of" in request.tail for request in made)
