"""Which context held which memory is kept, and so is what came of the decision that was made with it."""

from __future__ import annotations

from typing import Any

import pytest

from audit.ledger import Record
from audit.memory import MemoryLedger
from knowledge_graph.memory.recalls import Place, RecallOutcome, Recalls, corrected_again, recalled
from manager.knowledge.recalls import RecordedRecalls
from tests.unit.knowledge_graph.sites import NOW

CORRECTION, RUNBOOK = f"correction:{'c' * 32}", f"runbook:{'d' * 32}"
FACTS = [f"{CORRECTION}.text@human:alice/x", f"{CORRECTION} about group:atlas@human:alice/x", "job:p/1.0.state@schedd"]
CALL: tuple[str, dict[str, Any]] = (
    "call.proposed",
    {"call_id": "s1.1.0", "tool": "edit_jobs", "model_call_id": "m1", "turn": 1},
)
DONE: tuple[str, dict[str, Any]] = ("call.outcome", {"call_id": "s1.1.0", "status": "done", "error": None})
FAILED: tuple[str, dict[str, Any]] = ("call.outcome", {"call_id": "s1.1.0", "status": "failed", "error": None})


def decided(verdict: str) -> tuple[str, dict[str, Any]]:
    return "approval.decided", {"call_id": "s1.1.0", "verdict": verdict}


def ended(reason: str = "answered") -> tuple[str, dict[str, Any]]:
    return "turn.ended", {"turn": 1, "reason": reason}


async def sent(ledger: MemoryLedger) -> RecordedRecalls:
    """A request to a model that held a correction."""
    recalls = RecordedRecalls(ledger)
    (event,) = await ledger.append("session:s1", Record("model.sent", {"turn": 1}))
    await recalls.note("s1", 1, event.seq, FACTS)
    return recalls


@pytest.mark.parametrize(
    ("then", "outcome"),
    [
        ([ended()], RecallOutcome.ANSWERED),
        ([ended("stopped")], RecallOutcome.STOPPED),
        ([CALL, DONE, ended()], RecallOutcome.DONE),
        ([CALL, FAILED, ended()], RecallOutcome.FAILED),
        ([CALL, decided("approved"), DONE, ended()], RecallOutcome.APPROVED),
        ([CALL, decided("rejected"), ("call.refused", {"call_id": "s1.1.0"}), ended()], RecallOutcome.REJECTED),
        ([CALL, ("model.asked", {"turn": 1}), DONE], RecallOutcome.OPEN),
        ([("model.asked", {"turn": 1}), CALL, FAILED, ended()], RecallOutcome.ANSWERED),
    ],
)
async def test_a_recall_is_settled_by_what_its_decision_came_to(
    then: list[tuple[str, dict[str, Any]]], outcome: RecallOutcome
) -> None:
    ledger = MemoryLedger()
    recalls = await sent(ledger)
    await ledger.append("session:s1", *(Record(kind, body) for kind, body in then))
    await recalls.settle()
    (recall,) = recalls.known.of(CORRECTION)
    assert recall.outcome is outcome
    good = outcome in (RecallOutcome.DONE, RecallOutcome.APPROVED)
    assert (recalls.known.confirmed(CORRECTION) is not None) == good


async def test_recalls_and_their_outcomes_survive_a_restart() -> None:
    ledger = MemoryLedger()
    recalls = await sent(ledger)
    await ledger.append("session:s1", *(Record(kind, body) for kind, body in (CALL, DONE, ended())))
    await recalls.settle()
    again = RecordedRecalls(ledger)
    await again.recover()
    assert again.known.of(CORRECTION) == recalls.known.of(CORRECTION)
    assert again.known.open() == []


async def test_a_context_without_a_memory_is_no_recall() -> None:
    ledger = MemoryLedger()
    recalls = RecordedRecalls(ledger)
    await recalls.note("s1", 1, 3, ["job:p/1.0.state@schedd"])
    assert not await ledger.chains() and not recalls.known.by_memory()


def test_old_recalls_make_room_for_new_ones() -> None:
    recalls = Recalls(kept=2)
    for seq in range(3):
        recalls.fold("memory.recalled", recalled(Place("s1", 1, seq), [RUNBOOK]), NOW)
    assert [recall.place.seq for recall in recalls.of(RUNBOOK)] == [2, 1]


@pytest.mark.parametrize(
    ("step", "outcome"),
    [
        (("s1", 1, "s1.1.0"), RecallOutcome.CORRECTED),
        (("s1", 1, ""), RecallOutcome.CORRECTED),
        (("s1", 1, "s1.1.7"), RecallOutcome.DONE),
        (("s1", 2, ""), RecallOutcome.DONE),
        (("s2", 1, ""), RecallOutcome.DONE),
    ],
)
async def test_a_decision_that_is_corrected_again_came_to_that(
    step: tuple[str, int, str], outcome: RecallOutcome
) -> None:
    ledger = MemoryLedger()
    recalls = await sent(ledger)
    await ledger.append("session:s1", *(Record(kind, body) for kind, body in (CALL, DONE, ended())))
    await recalls.settle()
    (recall,) = recalls.known.of(CORRECTION)
    assert corrected_again(recall, frozenset({step})).outcome is outcome
