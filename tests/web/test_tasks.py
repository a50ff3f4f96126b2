"""The page of tasks: members, conversations with their sub-agents, budget and memory."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import SignIn
from tests.web.contract_tasks import memory, subagent, task
from tests.web.contract_world import World

pytestmark = [pytest.mark.browser, pytest.mark.requirement("WEB-TASKS-01")]


def test_a_task_is_made_and_its_owner_confirms_what_a_new_member_will_see(
    alice: Page, world: World, violations: Callable[[Page], list[str]]
) -> None:
    world.open_session("alice", "Fit of the second half", None)
    alice.get_by_role("link", name="Tasks").click()
    expect(alice.get_by_text("You are in no task.")).to_be_visible()
    alice.get_by_role("button", name="New task").click()
    alice.get_by_label("Title").fill("Calibration")
    alice.get_by_role("button", name="Create").click()
    expect(alice.get_by_role("heading", name="Calibration")).to_be_visible()
    members = alice.get_by_role("region", name="Members")
    members.get_by_label("User name").fill("bob")
    members.get_by_label("Role", exact=True).select_option("steer")
    members.get_by_role("button", name="Invite").click()
    question = alice.get_by_role("dialog")
    expect(question).to_contain_text("bob would see all conversations and the memory of this task. In them: data")
    assert violations(alice) == []
    question.get_by_role("button", name="Share it").click()
    expect(members.get_by_label("Role: bob")).to_have_value("steer")
    work = alice.get_by_role("region", name="Conversations and agents")
    work.get_by_label("Share a conversation of yours").select_option("Fit of the second half")
    work.get_by_role("button", name="Share", exact=True).click()
    alice.get_by_role("dialog").get_by_role("button", name="Share it").click()
    expect(work.get_by_role("link", name="Fit of the second half")).to_be_visible()
    members.get_by_role("button", name="Remove: bob").click()
    alice.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(members.get_by_role("listitem")).to_have_count(1)


def test_the_tree_of_sub_agents_is_seen_live_and_a_branch_of_it_is_stopped(
    alice: Page, world: World, violations: Callable[[Page], list[str]]
) -> None:
    one = task(world, "alice", "Calibration", bob="watch")
    session, child = (world.open_session("alice", title, None) for title in ("Fit", "child"))
    session.task_id = one["task_id"]
    child.parent = session.session_id
    sent = subagent(child.session_id, session.session_id, one["task_id"], "systematics-validation")
    world.subagents[child.session_id] = sent
    alice.goto("/#/tasks")
    work = alice.get_by_role("region", name="Conversations and agents")
    expect(work.get_by_role("link", name="systematics-validation")).to_be_visible()
    world.subagents["s-2"] = subagent("s-2", child.session_id, one["task_id"], "mc-simulation", "done", depth=2)
    expect(work.get_by_role("listitem").get_by_role("listitem").get_by_role("listitem")).to_contain_text("done")
    assert violations(alice) == []
    work.get_by_role("button", name="Stop: systematics-validation").click()
    expect(work.get_by_text("stopped")).to_be_visible()
    expect(work.get_by_role("button", name="Stop: systematics-validation")).to_be_hidden()


def test_a_conversation_says_who_else_sees_it_and_leads_to_its_task(
    alice: Page, world: World, violations: Callable[[Page], list[str]]
) -> None:
    one = task(world, "alice", "Calibration", bob="watch")
    session = world.open_session("alice", "Fit", None)
    session.task_id, session.watchers = one["task_id"], ["bob"]
    alice.goto(f"/#/agent/{session.session_id}")
    seen = alice.get_by_role("link", name="seen by bob")
    expect(seen).to_be_visible()
    assert violations(alice) == []
    seen.click()
    expect(alice.get_by_role("heading", name="Calibration")).to_be_visible()


def test_the_budget_of_a_task_and_what_was_found_in_it_are_for_its_members(sign_in: SignIn, world: World) -> None:
    one = task(world, "alice", "Calibration", admin="watch")
    world.memories = [memory("The second half has a new constant", "It is **1.02**.", "alice")]
    alice = sign_in("alice", f"/#/tasks/{one['task_id']}")
    budget = alice.get_by_role("region", name="Budget")
    expect(budget).to_contain_text("61,500 of 100,000")
    budget.get_by_role("button", name="Limits").click()
    alice.get_by_role("dialog").get_by_label("Tokens").fill("200000")
    alice.get_by_role("button", name="Set the limits").click()
    expect(budget).to_contain_text("61,500 of 200,000")
    watcher = sign_in("admin", f"/#/tasks/{one['task_id']}")
    expect(watcher.get_by_role("region", name="Memory").locator("strong")).to_have_text("1.02")
    expect(watcher.get_by_role("button", name="Invite")).to_be_hidden()
    expect(watcher.get_by_role("button", name="New session")).to_be_hidden()
    expect(watcher.get_by_role("button", name="Limits")).to_be_hidden()
    watcher.get_by_role("button", name="Leave: admin").click()
    watcher.get_by_role("dialog").get_by_role("button", name="Leave").click()
    expect(watcher.get_by_text("There is no such task").or_(watcher.get_by_text("You are in no task."))).to_be_visible()
