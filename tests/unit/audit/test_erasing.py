"""What an erasure is about, and what it refuses."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from audit.erasing import NothingToErase, Selection, StillAtWork, erase
from audit.ledger import Record
from audit.memory import MemoryLedger
from audit.personal import ERASED
from ink_core.errors import BadInput


def call(call_id: str, user: str, model_call_id: str | None = None) -> list[Record]:
    proposed: dict[str, JsonValue] = {
        "call_id": call_id, "tool": "run_command", "principal": user, "arguments": {"argv": [call_id]},
        "model_call_id": model_call_id,
    }  # fmt: skip
    outcome: dict[str, JsonValue] = {"call_id": call_id, "status": "done", "result": {"stdout": f"of {call_id}"}}
    return [
        Record("call.proposed", proposed),
        Record("call.intent", {"call_id": call_id}),
        Record("call.outcome", outcome),
    ]


def message(user: str) -> Record:
    return Record("user.message", {"by": user, "text": f"{user} speaks"})


REPLY = Record("model.replied", {"turn": 1, "text": "I will run it", "calls": [{"id": "m1", "tool": "run_command"}]})
END = Record("turn.ended", {"turn": 1, "reason": "answered"})


async def filled() -> MemoryLedger:
    ledger = MemoryLedger()
    opened = Record("session.opened", {"owner": "alice", "title": "Her title"})
    await ledger.append("session:s1", opened, message("alice"), REPLY, *call("c1", "alice", "m1"), END)
    await ledger.append("session:s2", Record("session.opened", {"owner": "bob", "title": "His title"}))
    await ledger.append("session:s2", message("bob"), END, *call("c2", "alice"), *call("c3", "bob"))
    await ledger.append("portal:bob", *call("c4", "bob"))
    return ledger


async def readable(ledger: MemoryLedger) -> set[str]:
    """What of the content can still be read."""
    words = (
        "alice speaks",
        "bob speaks",
        "Her title",
        "His title",
        "I will run it",
        "of c1",
        "of c2",
        "of c3",
        "of c4",
    )
    everything = repr([await ledger.read(chain) for chain in await ledger.chains() if chain != "audit"])
    return {word for word in words if word in everything}


ALL = {"alice speaks", "bob speaks", "Her title", "His title", "I will run it", "of c1", "of c2", "of c3", "of c4"}


@pytest.mark.requirement("AUDIT-REDACT-02")
@pytest.mark.parametrize(
    ("selection", "gone"),
    [
        (Selection(session="s1"), {"alice speaks", "Her title", "I will run it", "of c1"}),
        (Selection(call_id="c1"), {"I will run it", "of c1"}),
        (Selection(call_id="c3"), {"of c3"}),
        (Selection(user="alice"), {"alice speaks", "Her title", "I will run it", "of c1", "of c2"}),
        (Selection(user="bob"), {"bob speaks", "His title", "of c2", "of c3", "of c4"}),
    ],
    ids=["session", "call of a model", "call of a person", "user", "other user"],
)
async def test_exactly_what_was_selected_is_erased(selection: Selection, gone: set[str]) -> None:
    ledger = await filled()
    await erase(ledger, selection, by="admin", reason="asked for")
    assert await readable(ledger) == ALL - gone
    (event,) = await ledger.read("audit")
    assert (event.kind, event.body["by"], event.body["reason"]) == ("audit.erased", "admin", "asked for")
    assert ERASED in repr([await ledger.read(chain) for chain in await ledger.chains()])


async def test_what_is_erased_already_is_not_erased_again() -> None:
    ledger = await filled()
    await erase(ledger, Selection(session="s1"), by="admin", reason="")
    with pytest.raises(NothingToErase):
        await erase(ledger, Selection(session="s1"), by="admin", reason="")
    assert len(await ledger.read("audit")) == 1


@pytest.mark.parametrize("unfinished", [[message("alice")], call("c9", "alice")[:2]], ids=["turn", "call"])
async def test_what_is_still_at_work_is_not_erased(unfinished: list[Record]) -> None:
    ledger = await filled()
    await ledger.append("session:s1", *unfinished)
    with pytest.raises(StillAtWork, match="session:s1"):
        await erase(ledger, Selection(user="alice"), by="admin", reason="")
    assert await readable(ledger) == ALL


@pytest.mark.parametrize("given", [{}, {"user": "alice", "session": "s1"}])
def test_a_selection_says_exactly_one_thing(given: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        Selection(**given)
