"""What was used, and the budgets: the page of usage, and the line below a conversation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import SignIn
from tests.web.contract_usage import account, usage_line
from tests.web.contract_world import World

pytestmark = pytest.mark.browser


@pytest.mark.requirement("AGENT-BUDGET-03")
def test_what_one_used_is_told_by_model_conversation_agent_task_and_user(alice: Page, world: World) -> None:
    session = world.open_session("alice", "Calibration", None)
    world.usage = {"model": [usage_line("site-model", 60_000)], "session": [usage_line(session.session_id, 41_000)]}
    world.usage["agent"] = [usage_line("c-7", 9_000)]
    world.budgets["alice"] = account("user alice", tokens=100_000)
    alice.get_by_role("button", name="acting as alice").click()
    alice.get_by_role("link", name="Usage").click()
    month = alice.get_by_role("region", name="My budget of this month")
    expect(month).to_contain_text("61,500 of 100,000")
    expect(month).to_contain_text("2,000 of it reserved")
    expect(alice.get_by_role("row", name="site-model")).to_contain_text("54,000")
    alice.get_by_role("button", name="Conversation").click()
    alice.get_by_role("row", name="Calibration").get_by_role("link").click()
    expect(alice.get_by_role("heading", name="Calibration")).to_be_visible()
    alice.goto("/#/usage")
    for by, row in (("Agent", "c-7"), ("User", "alice")):
        alice.get_by_role("button", name=by, exact=True).click()
        expect(alice.get_by_role("row", name=row)).to_contain_text("12 min 34 s")
    alice.get_by_role("button", name="Task", exact=True).click()
    expect(alice.get_by_text("Nothing was used in this time.")).to_be_visible()
    expect(alice.get_by_role("button", name="Everyone")).to_be_hidden()


def test_an_administrator_sees_everybody_and_changes_one_limit_of_a_user(
    sign_in: SignIn, world: World, violations: Callable[[Page], list[str]]
) -> None:
    world.usage = {"user": [usage_line("bob", 900_000), usage_line("alice", 61_500)]}
    world.budgets["bob"] = account("user bob", tokens=1_000_000, wall_s=7_200)
    admin = sign_in("admin", "/#/usage?by=user")
    admin.get_by_role("button", name="Everyone").click()
    admin.get_by_role("button", name="Limits: bob").click()
    dialog = admin.get_by_role("dialog", name="Limits of bob")
    expect(dialog.get_by_label("Time of calls, in hours")).to_have_value("2")
    dialog.get_by_label("Tokens").fill("2000000")
    assert violations(admin) == []
    dialog.get_by_role("button", name="Set the limits").click()
    expect(dialog).to_be_hidden()
    bounds = world.budgets["bob"]["limits"]
    assert bounds == {"tokens": 2_000_000, "money": None, "calls": None, "wall_s": 7_200, "cpu_hours": None}


@pytest.mark.requirement("WEB-STATUS-02")
def test_the_share_of_the_context_the_tokens_and_what_is_left_are_always_in_sight(alice: Page, world: World) -> None:
    session = world.open_session("alice", "Calibration", None)
    world.budgets["alice"] = account("user alice", tokens=100_000, money=2)
    alice.goto(f"/#/agent/{session.session_id}")
    line = alice.get_by_role("list", name="Status of the session")
    expect(line).to_contain_text("acting as alice")
    expect(line).to_contain_text("model offline guide")
    expect(line).to_contain_text("38,500 tokens · 1.39 money")
    session.context = {"used": 1_920, "total": 32_000}
    world.budgets["alice"] = account("user alice", tokens=90_000)
    alice.get_by_label("Message").fill("Show me my running jobs")
    alice.keyboard.press("Enter")
    expect(line).to_contain_text("6 %")
    expect(line).to_contain_text("28,500 tokens")
    alice.set_viewport_size({"width": 390, "height": 844})
    expect(line.get_by_text("6 %")).to_be_in_viewport()
