"""Which line of a person decides on which request."""

from __future__ import annotations

import pytest

from manager.chat.decisions import Decision, Event, Person, Waiting

PAGE = "http://ink/#/approvals"
ALICES: Event = {"call_id": "c1", "requester": "alice", "approval_id": "a1", "digest": "d"}
BOBS: Event = {"call_id": "c2", "requester": "bob", "approval_id": "a2", "digest": "e"}

pytestmark = pytest.mark.requirement("AGENT-CHAT-02")


def waiting(person: Person, *requests: Event) -> Waiting:
    desk = Waiting(person, PAGE)
    for request in requests:
        desk.add(request)
    return desk


ADMIN = Person("admin", may_decide=True)
ALICE = Person("alice", may_decide=False)


def test_who_may_decide_names_the_request_and_the_verdict() -> None:
    desk = waiting(ADMIN, ALICES, BOBS)
    assert desk.read("approve 2") == Decision(BOBS, "approve", "")
    assert desk.read("reject 1 not now") == Decision(ALICES, "reject", "not now")


@pytest.mark.parametrize("line", ["approve", "approve 3", "approve all", "yes", "y", "1 approve", "approve ²"])
def test_a_line_that_names_no_request_decides_nothing(line: str) -> None:
    assert isinstance(waiting(ADMIN, ALICES, BOBS).read(line), str)


def test_who_asked_can_take_it_back_and_no_more() -> None:
    desk = Waiting(ALICE, PAGE)
    assert "`/withdraw 1 WHY`" in desk.add(ALICES)
    assert desk.read("withdraw 1 a mistake") == Decision(ALICES, "reject", "a mistake")
    assert isinstance(desk.read("approve 1"), str)


def test_what_is_offered_is_read_with_its_slash_and_without() -> None:
    assert waiting(ADMIN, ALICES).read("/reject 1 no") == waiting(ADMIN, ALICES).read("reject 1 no")


def test_an_administrator_is_not_offered_to_approve_what_they_asked_for() -> None:
    desk = waiting(Person("alice", may_decide=True), ALICES)
    assert isinstance(desk.read("approve 1"), str)


def test_who_may_not_decide_is_offered_to_wait() -> None:
    desk = Waiting(ALICE, PAGE)
    assert "approve" not in desk.add(BOBS)
    assert isinstance(desk.read("approve 1"), str)


def test_a_rejection_without_a_reason_is_asked_for_one() -> None:
    assert "say why" in str(waiting(ADMIN, ALICES).read("reject 1"))


def test_what_was_decided_meanwhile_can_be_decided_no_more_and_numbers_are_never_used_again() -> None:
    desk = waiting(ADMIN, ALICES)
    desk.ended("c1")
    assert not desk
    assert "[2]" in desk.add(BOBS)
    assert isinstance(desk.read("approve 1"), str)
    desk.ended("a2")
    assert not desk
