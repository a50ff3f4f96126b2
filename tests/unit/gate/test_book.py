"""The gate's memory of calls: bounded in number and in bytes; open calls always stay."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ink_core.identity.principal import USER_SCOPES, Principal
from manager.gate import ended_calls
from manager.gate.book import CallBook, CallNotFound
from manager.gate.call import CallState, CallStatus, Phase
from manager.gate.policy import Origin

ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:1")


def opened(call_id: str, size: int = 0, by: Principal = ALICE) -> CallState:
    return CallState(call_id, "portal:alice", "write_file", {"text": "x" * size}, by, Origin.USER, None, None)


def ended(state: CallState, result_size: int = 0) -> CallState:
    return replace(state, phase=Phase.ENDED, status=CallStatus.DONE, result="y" * result_size)


def test_ended_calls_leave_when_their_bytes_are_too_many_and_open_ones_stay() -> None:
    book = CallBook(kept_bytes=10_000)
    book.put(opened("waits", 5_000))
    for number in range(10):
        book.put(opened(f"c-{number}", 1_000))
        book.put(ended(opened(f"c-{number}", 1_000), 2_000))
    known = [number for number in range(10) if book.knows(f"c-{number}")]
    assert known == [7, 8, 9]
    assert book.knows("waits")
    with pytest.raises(CallNotFound, match="the audit has them all"):
        book.get("c-0")


def test_one_ended_call_is_kept_however_large() -> None:
    book = CallBook(kept_bytes=100)
    book.put(ended(opened("c-1"), 50_000))
    assert book.get("c-1").result == "y" * 50_000
    book.put(ended(opened("c-2"), 5))
    assert book.knows("c-2") and not book.knows("c-1")


def test_one_users_calls_push_out_nobody_elses() -> None:
    bob = ALICE.model_copy(update={"username": "bob"})
    for book in (CallBook(kept_ended=10), CallBook(kept_bytes=10_000)):
        book.put(ended(opened("bobs", 100, bob)))
        for number in range(50):
            book.put(ended(opened(f"c-{number}", 1_000)))
        assert book.knows("bobs") and book.knows("c-49") and not book.knows("c-0")


def test_of_calls_with_a_key_that_left_it_is_known_that_they_were_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ended_calls, "KEPT_IDS", 3)
    book = CallBook(kept_ended=1)
    for number in range(4):
        book.put(replace(ended(opened(f"c-{number}")), request_sha256="0" * 64))
    assert [book.may_have_left("alice", f"c-{number}") for number in range(5)] == [True, True, True, False, False]
    assert not book.may_have_left("bob", "c-0")
    book.put(replace(ended(opened("c-4")), request_sha256="0" * 64))
    assert book.may_have_left("alice", "never seen"), "too many to remember: the ledger is asked"
    assert not book.may_have_left("bob", "never seen")


def test_a_call_that_is_folded_twice_counts_once() -> None:
    book = CallBook(kept_bytes=10_000)
    for _ in range(20):
        book.put(ended(opened("c-1"), 4_000))
    book.put(ended(opened("c-2"), 4_000))
    assert book.knows("c-1") and book.knows("c-2")


def test_the_load_of_a_user_is_that_users_open_calls() -> None:
    book = CallBook()
    book.put(opened("c-1", 1_000))
    book.put(opened("c-2", 500))
    book.put(opened("c-3", 7, ALICE.model_copy(update={"username": "bob"})))
    book.put(ended(opened("c-2", 500)))
    calls, held_bytes = book.load("alice")
    assert calls == 1 and 1_000 <= held_bytes < 1_100
