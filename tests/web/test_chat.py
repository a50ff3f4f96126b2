"""The conversation with the agent."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.contract_agent import HOSTILE
from tests.web.contract_site import node_tile
from tests.web.contract_tasks import subagent
from tests.web.contract_world import World

pytestmark = pytest.mark.browser


@pytest.fixture
def chat(alice: Page) -> Page:
    alice.goto("/#/agent")
    alice.get_by_role("button", name="New session").first.click()
    expect(alice.get_by_role("heading", name="What would you like to know?")).to_be_visible()
    return alice


def ask(page: Page, text: str) -> None:
    page.get_by_label("Message").fill(text)
    page.keyboard.press("Enter")


def log(page: Page) -> Locator:
    return page.get_by_role("log")


@pytest.mark.requirement("WEB-CHAT-01")
@pytest.mark.requirement("WEB-CHAT-02")
def test_an_answer_is_streamed_with_a_folded_card_that_shows_the_exact_call(chat: Page) -> None:
    ask(chat, "Show me my running jobs")
    expect(log(chat)).to_contain_text("You have 1 running job")
    expect(chat.get_by_role("button", name="Send")).to_be_visible()
    card = chat.locator("details.tool")
    expect(card.locator("summary")).to_contain_text("list_jobs")
    expect(card.locator("summary")).to_contain_text("read")
    expect(card.locator("summary")).to_contain_text("done")
    expect(card.locator("summary")).to_contain_text("212 ms")
    expect(card.get_by_label("Result")).to_be_hidden()
    card.locator("summary").click()
    expect(card.get_by_label("Arguments")).to_contain_text("owner: alice")
    expect(card.get_by_label("Output")).to_contain_text("asking the schedd")
    expect(card.get_by_label("Result")).to_contain_text("node: node-100")
    expect(card).to_contain_text("as alice")


@pytest.mark.requirement("WEB-CHAT-03")
def test_a_reload_in_the_middle_of_an_answer_goes_on_where_it_was(chat: Page, world: World) -> None:
    world.delta_s = 0.002
    ask(chat, "Write something long")
    expect(log(chat)).to_contain_text("word word word")
    chat.reload()
    expect(log(chat)).to_contain_text("word word word")
    expect(chat.get_by_role("button", name="Stop")).to_be_visible()
    expect(chat.get_by_role("button", name="Send")).to_be_visible(timeout=30_000)
    shown = log(chat).locator("article.reply").inner_text()
    assert shown.split() == ["Agent", *["word"] * 600]


@pytest.mark.requirement("WEB-CHAT-04")
def test_stop_ends_the_answer_and_the_message_can_be_edited_and_asked_again(chat: Page, world: World) -> None:
    world.delta_s = 0.05
    ask(chat, "Write something long")
    expect(log(chat)).to_contain_text("word")
    chat.get_by_role("button", name="Stop").click()
    expect(chat.get_by_text("You stopped this answer.")).to_be_visible()
    chat.get_by_role("button", name="Edit and ask again").click()
    expect(chat.get_by_label("Message")).to_have_value("Write something long")
    expect(chat.get_by_label("Message")).to_be_focused()


@pytest.mark.requirement("WEB-CHAT-05")
def test_a_message_is_edited_and_retried_and_the_way_that_was_left_is_gone_back_to(
    chat: Page, violations: Callable[[Page], list[str]]
) -> None:
    ask(chat, "Show me my running jobs")
    expect(log(chat)).to_contain_text("All is well.")
    ask(chat, "And the held ones?")
    expect(log(chat)).to_contain_text("5122 MB")
    chat.get_by_role("button", name="Edit and ask again").first.click()
    expect(chat.get_by_text("You edit an earlier message.")).to_be_visible()
    ask(chat, "Why is my job held?")
    expect(log(chat).locator("article.user")).to_have_count(1)
    expect(log(chat)).to_contain_text("5122 MB")
    ways = log(chat).get_by_role("group", name="Ways that this went")
    expect(ways).to_contain_text("2 / 2")
    assert violations(chat) == []
    chat.get_by_role("button", name="Earlier way").click()
    expect(log(chat).locator("article.user")).to_have_count(2)
    expect(log(chat)).to_contain_text("And the held ones?")
    chat.get_by_role("button", name="Ask again", exact=True).last.click()
    expect(ways.last).to_contain_text("2 / 2")
    expect(log(chat).locator("article.reply").last).to_contain_text("release the job")
    chat.reload()
    expect(ways).to_have_count(2)


def test_the_agent_tells_what_it_has_set_out_to_do_and_may_be_kept_to_reading(
    chat: Page, world: World, violations: Callable[[Page], list[str]]
) -> None:
    chat.get_by_role("button", name="Plan mode").click()
    expect(chat.get_by_role("button", name="Plan mode", pressed=True)).to_be_visible()
    ask(chat, "Make a plan")
    todos = chat.locator("details").filter(has_text="To do")
    expect(todos).to_contain_text("1 / 3")
    expect(todos.get_by_role("listitem").nth(1)).to_contain_text("Find the missing runs")
    expect(todos.get_by_role("img", name="in work")).to_be_visible()
    (session,) = world.sessions.values()
    session.record("conversation.compacted", turn=1, text="**Found**: 2 runs", before_tokens=9000, after_tokens=400)
    log(chat).get_by_text("9,000 tokens became 400").click()
    expect(log(chat).locator("strong")).to_have_text("Found")
    assert violations(chat) == []


def test_a_budget_that_is_used_up_is_allowed_once_more_and_the_other_limits_stay(chat: Page, world: World) -> None:
    ask(chat, "Use the budget up")
    card = chat.get_by_role("region", name="The budget is used up.")
    expect(card).to_contain_text("1,000 tokens are used up.")
    card.get_by_role("button", name="Allow as much again").click()
    expect(card).to_contain_text("It was raised")
    (session,) = world.sessions.values()
    assert session.limits == {"tokens": 2000, "money": None, "calls": 20, "wall_s": None, "cpu_hours": None}


def test_another_model_is_chosen_and_sub_agents_are_seen_at_work(
    alice: Page, world: World, violations: Callable[[Page], list[str]]
) -> None:
    model = {"trust": "site", "context_tokens": 32_768, "prompt_price": 0.5, "completion_price": 1.5}
    world.models = [{"name": name, **model} for name in ("builtin", "qwen")]
    session = world.open_session("alice", "Fit", None)
    asked = {"call_id": "c-9", "tool": "delegate", "arguments": {"profile": "mc-simulation", "goal": "Simulate"}}
    session.record("call.proposed", **asked, principal="alice", origin="model", risk="read")
    world.subagents["s-9"] = subagent("s-9", session.session_id, "", "mc-simulation")
    alice.goto(f"/#/agent/{session.session_id}")
    expect(alice.get_by_text("1 of 1 at work")).to_be_visible()
    expect(alice.get_by_role("link", name="mc-simulation")).to_be_visible()
    alice.get_by_label("Model of this session").select_option("qwen · site · 32k")
    expect(alice.get_by_role("list", name="Status of the session")).to_contain_text("qwen · site")
    assert violations(alice) == []


def test_who_watches_a_conversation_reads_it_and_writes_nothing(alice: Page, world: World) -> None:
    shared = world.open_session("bob", "Calibration", None)
    shared.watchers.append("alice")
    shared.record("user.message", text="Where are the missing runs?", by="bob")
    alice.goto(f"/#/agent/{shared.session_id}")
    expect(alice.get_by_text("You watch this conversation of bob.")).to_be_visible()
    expect(log(alice).locator("article.user")).to_contain_text("bob")
    expect(alice.get_by_label("Message")).to_be_hidden()
    for name in ("Edit and ask again", "Rename session", "Plan mode", "Stop"):
        expect(alice.get_by_role("button", name=name)).to_have_count(0)
    sent = world.open_session("alice", "", None)
    sent.parent, sent.profile = shared.session_id, "mc-simulation"
    alice.goto(f"/#/agent/{sent.session_id}")
    expect(alice.get_by_text("This is the work of a sub-agent (mc-simulation)")).to_be_visible()
    alice.get_by_role("link", name="To the conversation that sent it").click()
    expect(alice.get_by_role("heading", name="Calibration")).to_be_visible()


@pytest.mark.requirement("WEB-CHAT-06")
def test_jobs_files_nodes_and_skills_are_completed_as_they_are_named(
    chat: Page, world: World, violations: Callable[[Page], list[str]]
) -> None:
    world.nodes = [node_tile("node-001"), node_tile("node-007", "down")]
    field = chat.get_by_label("Message")
    offered = chat.get_by_role("listbox", name="What can be named").get_by_role("option")
    field.press_sequentially("Compare @")
    expect(offered).to_have_count(4)
    assert violations(chat) == []
    field.press_sequentially("j")
    field.press("Enter")
    field.press_sequentially("140")
    expect(offered.first).to_contain_text("@job:140.0")
    field.press("Enter")
    expect(field).to_have_value("Compare @job:140.0 ")
    field.press_sequentially("with @file:ana")
    expect(offered).to_have_text("@file:analysis/")
    field.press("Tab")
    expect(offered).to_have_count(3)
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value("Compare @job:140.0 with @file:analysis/notes.md ")
    field.press_sequentially("on @node:")
    offered.filter(has_text="node-007").click()
    field.press_sequentially("by @skill:")
    expect(offered).to_contain_text(["joblens"])
    field.press("Escape")
    expect(offered).to_have_count(0)
    field.press("Enter")
    said = "Compare @job:140.0 with @file:analysis/notes.md on @node:node-007 by @skill:"
    expect(log(chat).locator("article.user")).to_contain_text(said)


@pytest.mark.requirement("WEB-CHAT-07")
def test_markup_in_an_answer_runs_nothing_and_fetches_nothing(chat: Page) -> None:
    ask(chat, "Something hostile")
    expect(chat.get_by_role("button", name="Send")).to_be_visible()
    answer = log(chat).locator("article.reply")
    expect(answer).to_contain_text("<script>window.__broken=1</script>")
    expect(answer.get_by_role("link", name="[image: leak]")).to_be_visible()
    assert "onerror" in HOSTILE
    assert chat.evaluate("window.__broken") is None
    assert answer.locator("img, script, style, iframe").count() == 0


def test_a_model_that_fails_is_told_with_its_code(chat: Page) -> None:
    ask(chat, "Please fail")
    expect(chat.get_by_role("alert")).to_contain_text("model_unreachable")


def test_the_page_connects_again_and_says_so_meanwhile(chat: Page, world: World) -> None:
    ask(chat, "Show me my running jobs")
    expect(log(chat)).to_contain_text("All is well.")
    world.broken.set()
    expect(chat.get_by_text("The connection was lost. Connecting again…")).to_be_visible()
    world.broken.clear()
    expect(chat.get_by_text("The connection was lost. Connecting again…")).to_be_hidden(timeout=15_000)
    ask(chat, "Why is my job held?")
    expect(log(chat)).to_contain_text("5122 MB")
    expect(log(chat).get_by_text("All is well.")).to_have_count(1)


def test_no_answer_from_the_server_is_said_and_the_message_is_kept(chat: Page) -> None:
    expect(chat.get_by_role("tree")).to_be_visible()
    chat.context.set_offline(True)
    ask(chat, "Are you there?")
    expect(chat.get_by_label("Conversation").get_by_role("alert")).to_contain_text("The server could not be reached.")
    expect(chat.get_by_text("No answer from the server.")).to_be_visible()
    expect(chat.get_by_label("Message")).to_have_value("Are you there?")
    chat.context.set_offline(False)
    chat.get_by_label("Message").press("Enter")
    expect(log(chat)).to_contain_text("All is well.", timeout=20_000)


def test_a_session_gets_a_title_and_another_one_is_opened_beside_it(chat: Page) -> None:
    ask(chat, "Show me my running jobs")
    expect(log(chat)).to_contain_text("All is well.")
    chat.get_by_role("button", name="Rename session").click()
    chat.get_by_label("Title").fill("Morning check")
    chat.keyboard.press("Enter")
    expect(chat.get_by_role("heading", name="Morning check")).to_be_visible()
    sessions = chat.get_by_role("navigation", name="Sessions")
    sessions.get_by_role("button", name="New session").click()
    expect(chat.get_by_role("heading", name="What would you like to know?")).to_be_visible()
    sessions.get_by_role("link", name="Morning check").click()
    expect(log(chat)).to_contain_text("All is well.")


def test_tokens_of_the_session_are_counted(chat: Page) -> None:
    ask(chat, "Write something hostile")
    expect(chat.get_by_role("button", name="Send")).to_be_visible()
    expect(chat.get_by_role("list", name="Status of the session")).to_contain_text(re.compile(r"used 4\d\d tokens"))


@pytest.mark.requirement("GATE-LABEL-03")
def test_a_step_that_an_external_model_may_not_see_is_said_before_it_happens_and_the_site_model_goes_on(
    chat: Page,
) -> None:
    ask(chat, "What is in my experiment data?")
    card = chat.get_by_role("region", name="This needs another model.")
    expect(card).to_contain_text("nothing was looked at")
    expect(card).to_contain_text("cannot go back to outside")
    card.get_by_role("button", name="Go on with site-model").click()
    expect(log(chat)).to_contain_text("You have 1 running job")
