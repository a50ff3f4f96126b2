"""Who makes an account counts with it as one person for some days: nobody decides as two, or on the own request."""

from __future__ import annotations

import pytest

from manager.gate.approvals import SelfApproval
from manager.gate.call import CallStatus
from tests.security.approval_world import ADA, BO, Setting, admin

pytestmark = pytest.mark.requirement("GATE-APPROVAL-14")


@pytest.fixture
def setting() -> Setting:
    return Setting()


@pytest.mark.parametrize("made_by", [{"bo": {"ada"}}, {"ada": {"bo"}}, {"ada": {"root"}, "bo": {"root"}}])
async def test_accounts_that_one_person_lately_made_are_not_two_persons(
    setting: Setting, made_by: dict[str, set[str]]
) -> None:
    """Whichever comes first; a third one counts."""
    setting.people.made_by = {name: frozenset(makers) for name, makers in made_by.items()}
    state = await setting.asked(place="vital")
    await setting.approve(state, ADA)
    with pytest.raises(SelfApproval, match="you and ada count as one person"):
        await setting.approve(state, BO)
    assert setting.world.swept == []
    assert (await setting.approve(state, admin("cy"))).status is CallStatus.DONE
    assert await setting.refusals() == [("bo", "self_approval")]


@pytest.mark.parametrize("owner", ["bob", "ada"])
async def test_nobody_approves_by_an_account_that_they_made_what_they_asked_for(setting: Setting, owner: str) -> None:
    """Of others' property or, where that waits, of the own."""
    setting.people.made_by = {"bo": frozenset({"ada"})}
    state = await setting.asked(by=ADA, owner=owner, place="vital")
    with pytest.raises(SelfApproval):
        await setting.approve(state, BO)
    assert state.status is CallStatus.WAITING_APPROVAL


async def test_who_made_a_users_account_approves_for_the_user_where_no_others_are_touched(setting: Setting) -> None:
    setting.people.users, setting.people.made_by = {"alice"}, {"alice": frozenset({"ada"})}
    others = await setting.asked(owner="bob")
    with pytest.raises(SelfApproval):
        await setting.approve(others, ADA)
    assert (await setting.approve(others, BO)).status is CallStatus.DONE
    own = await setting.asked(owner="alice", place="vital")
    await setting.approve(own, ADA)
    assert (await setting.approve(own, BO)).status is CallStatus.DONE
    setting.people.users.clear()
    of_an_approver = await setting.asked(owner="alice", place="vital")
    with pytest.raises(SelfApproval):
        await setting.approve(of_an_approver, ADA)
