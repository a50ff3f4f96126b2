"""What every `AcceptedSkills` promises, and that the recorded one still knows it after a restart."""

from __future__ import annotations

import pytest

from audit.memory import MemoryLedger
from manager.skills.accepted import RecordedAccepted
from skills.accepted import MAX_ACCEPTED, AcceptedSkills, MemoryAccepted, TooManyAccepted

pytestmark = pytest.mark.requirement("SKILL-LEVEL-01")

SUM, OTHER = "a" * 64, "b" * 64


@pytest.fixture(params=["double", "recorded"])
def accepted(request: pytest.FixtureRequest) -> AcceptedSkills:
    return MemoryAccepted() if request.param == "double" else RecordedAccepted(MemoryLedger())


async def test_a_text_is_accepted_by_its_sum_for_one_person_alone(accepted: AcceptedSkills) -> None:
    await accepted.accept("alice", "user:fit", SUM)
    assert accepted.has("alice", SUM)
    assert not accepted.has("alice", OTHER)
    assert not accepted.has("bob", SUM)


async def test_accepting_again_has_no_effect_and_forgetting_says_whether_there_was_anything(
    accepted: AcceptedSkills,
) -> None:
    await accepted.accept("alice", "user:fit", SUM)
    await accepted.accept("alice", "user:fit", SUM)
    assert await accepted.forget("alice", SUM)
    assert not accepted.has("alice", SUM)
    assert not await accepted.forget("alice", SUM)


async def test_one_person_accepts_a_bounded_number_and_that_is_nobody_elses_bound(accepted: AcceptedSkills) -> None:
    for number in range(MAX_ACCEPTED):
        await accepted.accept("alice", f"user:fit-{number}", f"{number:064x}")
    with pytest.raises(TooManyAccepted):
        await accepted.accept("alice", "user:one-more", SUM)
    await accepted.accept("bob", "user:fit", SUM)
    assert not accepted.has("alice", SUM)


async def test_what_was_accepted_and_not_forgotten_is_known_after_a_restart() -> None:
    ledger = MemoryLedger()
    before = RecordedAccepted(ledger)
    await before.accept("alice", "user:fit", SUM)
    await before.accept("alice", "user:scan", OTHER)
    await before.forget("alice", OTHER)
    after = RecordedAccepted(ledger)
    await after.recover()
    assert (after.has("alice", SUM), after.has("alice", OTHER)) == (True, False)
