"""The step that a correction names keeps what a like step would have in common with it."""

from __future__ import annotations

from typing import Any

import pytest

from audit.ledger import Event, Record
from audit.memory import MemoryLedger
from knowledge_graph.contributions.faults import StepNotFound
from knowledge_graph.facts import Attribute, Edge, Layer, Origin, Relation, subject_of
from manager.knowledge.steps import step_of
from tests.unit.knowledge_graph.sites import NOW

FACTS = [
    "job:pool/12.0.state@schedd@pool",
    "job:pool/12.0 charged_to group:atlas@schedd@pool",
    "group:atlas.title@site",
]


async def session(*records: tuple[str, dict[str, Any]]) -> list[Event]:
    ledger = MemoryLedger()
    await ledger.append("session:s1", *(Record(kind, body) for kind, body in records))
    return list(await ledger.read("session:s1"))


CONVERSATION = (
    ("user.message", {"text": "why is 12.0 held?"}),
    ("model.sent", {"turn": 1, "context": {"facts": FACTS, "text": "…"}}),
    ("model.replied", {"turn": 1, "text": "", "calls": []}),
    (
        "call.proposed",
        {
            "call_id": "s1.1.0",
            "tool": "edit_jobs",
            "arguments": {"cluster": "pool", "job_ids": ["12.0"], "memory": None},
        },
    ),
    ("call.outcome", {"call_id": "s1.1.0", "error": {"code": "job_refused", "message": "no"}}),
    ("turn.ended", {"turn": 1}),
    ("user.message", {"text": "and now?"}),
    ("model.replied", {"turn": 2, "text": "Nothing.", "calls": []}),
)


async def test_a_call_keeps_its_tool_arguments_error_and_what_it_was_about() -> None:
    step = step_of(await session(*CONVERSATION), "s1", call_id="s1.1.0")
    assert (step.turn, step.tool, step.error, step.question) == (1, "edit_jobs", "job_refused", "why is 12.0 held?")
    assert step.argument_names == ("cluster", "job_ids")
    assert step.entities == ("cluster:pool", "job:pool/12.0", "group:atlas")


async def test_a_plan_that_was_made_before_a_call_takes_nothing_from_what_the_call_was_about() -> None:
    plan = ("model.sent", {"turn": 1, "asks": "plan"})
    events = await session(*CONVERSATION[:3], plan, *CONVERSATION[3:])
    step = step_of(events, "s1", call_id="s1.1.0")
    assert step.entities == ("cluster:pool", "job:pool/12.0", "group:atlas")


async def test_a_reply_keeps_what_was_asked_and_what_its_context_was_about() -> None:
    step = step_of(await session(*CONVERSATION), "s1", turn=1)
    assert (step.question, step.entities) == ("why is 12.0 held?", ("job:pool/12.0", "group:atlas"))
    assert step_of(await session(*CONVERSATION), "s1", turn=2).question == "and now?"


@pytest.mark.parametrize("meant", [{"call_id": "s1.9.9"}, {"turn": 9}])
async def test_a_step_that_is_not_there_is_not_kept(meant: dict[str, Any]) -> None:
    with pytest.raises(StepNotFound):
        step_of(await session(*CONVERSATION), "s1", **meant)


@pytest.mark.parametrize(
    "subject", ["job:pool/12.0", "slot:slot1@wn042.example.org", "passage:docs/a.md#3", "rule:a b"]
)
def test_a_facts_id_tells_its_subject(subject: str) -> None:
    origin = Origin("collector@pool.example", Layer.RUNTIME, NOW)
    assert subject_of(Attribute(subject, "state", "ok", origin).id) == subject
    assert subject_of(Edge(subject, Relation.PART_OF, "cluster:pool@x", origin).id) == subject
    assert subject_of("nonsense") == ""
