"""`ink chat` as its users have it: in a real terminal, against the running product."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest

from bench.running_manager import Client
from tests.acceptance.embedded import INK, Embedded, client_fixture, embedded_fixture, sleeping_job
from tests.acceptance.pty_terminal import CTRL_C, CTRL_D, Terminal, in_terminal
from tests.acceptance.waiting import until

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

PROMPT = "›"

embedded = embedded_fixture()
alice, bob, admin = client_fixture("alice"), client_fixture("bob"), client_fixture("admin")


def chat(
    embedded: Embedded, user: Client, *arguments: str, scopes: list[str] | None = None
) -> AbstractContextManager[Terminal]:
    """With a token of this user's, as `ink login` makes one."""
    new = {"name": "chat", "scopes": scopes or user.get("/me")["scopes"], "lifetime_s": 600}
    token = user.post("/tokens", new)["token"]
    return in_terminal([INK, "chat", *arguments], {"INK_DATA_DIR": str(embedded.data), "INK_TOKEN": token})


def opened(terminal: Terminal) -> str:
    """The conversation's id."""
    return terminal.until("/help says what else can be typed").split(" · ")[1]


@pytest.fixture
def bobs_job(bob: Client) -> Iterator[str]:
    job_id = sleeping_job(bob)
    yield job_id
    bob.call("remove_jobs", {"job_ids": [job_id]})


@pytest.mark.requirement("AGENT-CHAT-01")
def test_a_question_is_answered_in_the_terminal_and_the_conversation_is_that_of_the_page(
    embedded: Embedded, alice: Client
) -> None:
    with chat(embedded, alice) as terminal:
        session_id = opened(terminal)
        terminal.say("what is in my workspace?")
        terminal.until("→ list_files")
        terminal.until("✓ done")
        terminal.until("Answered by the offline guide")
        terminal.until(PROMPT)
        terminal.type(CTRL_D)
        assert terminal.ended() == 0
    assert alice.get(f"/sessions/{session_id}")["title"] == "what is in my workspace?"


@pytest.mark.requirement("AGENT-CHAT-02")
def test_what_needs_approval_is_shown_whole_and_goes_on_when_an_administrator_has_decided(
    embedded: Embedded, alice: Client, admin: Client, bobs_job: str
) -> None:
    with chat(embedded, alice) as terminal:
        session_id = opened(terminal)
        terminal.say(f"remove job {bobs_job} because it hangs")
        shown = terminal.until("it is decided on")
        assert "approval needed: remove_jobs" in shown and bobs_job in shown
        assert "others-property" in shown and "decided by: an administrator" in shown
        assert "`/withdraw 1 WHY`" in shown and "approve 1" not in shown
        (waiting,) = [one for one in admin.get("/approvals") if one["session_id"] == session_id]
        admin.post(
            f"/approvals/{waiting['approval_id']}",
            {"verdict": "reject", "reason": "ask bob first", "digest": waiting["digest"]},
        )
        terminal.until("rejected by admin: ask bob first")


@pytest.mark.requirement("AGENT-CHAT-02")
def test_a_request_of_ones_own_is_taken_back_in_the_terminal_and_what_was_typed_before_counts_for_nothing(
    embedded: Embedded, alice: Client, bobs_job: str
) -> None:
    with chat(embedded, alice) as terminal:
        opened(terminal)
        terminal.type(f"remove job {bobs_job}\nwithdraw 1 typed too early\n")
        terminal.until("it is decided on")
        terminal.say("approve 1")
        terminal.until("`/withdraw 1 WHY`")
        terminal.say("withdraw 1")
        terminal.until("say why")
        terminal.say("withdraw 1 it is not mine")
        assert "too early" not in terminal.until("rejected by alice: it is not mine")


@pytest.mark.requirement("AGENT-CHAT-02")
def test_nobody_approves_their_own_request_in_a_terminal(embedded: Embedded, admin: Client, bobs_job: str) -> None:
    with chat(embedded, admin) as terminal:
        opened(terminal)
        terminal.say(f"remove job {bobs_job}")
        terminal.until("it is decided on")
        terminal.say("approve 1")
        assert "approve 1" not in terminal.until("`/withdraw 1 WHY`").split("[1]")[-1]
        terminal.say("withdraw 1 tried")
        terminal.until("rejected by admin")


@pytest.mark.requirement("AGENT-CHAT-02")
def test_an_administrator_decides_in_the_terminal_on_what_others_asked_for(
    embedded: Embedded, alice: Client, admin: Client, bob: Client, bobs_job: str
) -> None:
    call = alice.post("/calls", {"tool": "remove_jobs", "arguments": {"job_ids": [bobs_job], "reason": "it hangs"}})
    with chat(embedded, admin) as terminal:
        opened(terminal)
        terminal.say("/approve 1")
        terminal.until("say /approvals first")
        terminal.say("/approvals")
        terminal.until(f'"{bobs_job}"')
        about = terminal.until("] type `/approve")
        assert "asked by alice" in about
        number = about.rpartition("[")[2].partition("]")[0]
        terminal.say(f"/reject {number}")
        terminal.until("say why")
        terminal.say(f"/reject {number} bob needs it")
        terminal.until("decided")
    error = until("it has ended", lambda: alice.get(f"/calls/{call['call_id']}")["error"])
    assert error["code"] == "approval_rejected"
    assert bob.get(f"/jobs/local/{bobs_job}")["state"] == "RUNNING"


@pytest.mark.requirement("AGENT-CHAT-03")
def test_ctrl_c_stops_the_answer_and_the_terminal_is_there_for_the_next(embedded: Embedded, alice: Client) -> None:
    with chat(embedded, alice) as terminal:
        session_id = opened(terminal)
        terminal.say("/plan on")
        terminal.until("plan mode is on")
        terminal.say("run sleep 600")
        terminal.until("only reads (plan mode)")
        terminal.say("/plan off")
        terminal.until("plan mode is off")
        terminal.say("run sleep 600")
        terminal.until("→ run_command")
        terminal.type(CTRL_C)
        terminal.until("stopped by alice")
        terminal.until(PROMPT)
        terminal.say("/sessions")
        terminal.until(f"* {session_id}")
        terminal.say("/quit")
        assert terminal.ended() == 0


@pytest.mark.requirement("AGENT-CHAT-03")
def test_a_conversation_is_gone_on_with_where_it_was_and_its_request_is_asked_again(
    embedded: Embedded, alice: Client, bobs_job: str
) -> None:
    with chat(embedded, alice) as terminal:
        session_id = opened(terminal)
        terminal.say(f"remove job {bobs_job}")
        terminal.until("it is decided on")
    with chat(embedded, alice, "--session", session_id) as again:
        again.until(f"alice: remove job {bobs_job}")
        again.until("`/withdraw 1 WHY`")
        again.say("withdraw 1 enough")
        again.until("rejected by alice: enough")


def test_one_message_on_the_command_line_ends_with_its_answer(embedded: Embedded, alice: Client) -> None:
    with chat(embedded, alice, "help") as terminal:
        assert terminal.ended() == 0
        assert "offline guide" in terminal.shown


def test_a_command_that_draws_on_the_terminal_is_shown_and_not_obeyed(embedded: Embedded, alice: Client) -> None:
    (embedded.workspace("alice") / "evil.txt").write_text("\x1b]0;owned\x07\x1b[31mred\u202e")
    with chat(embedded, alice) as terminal:
        opened(terminal)
        terminal.say("run cat evil.txt")
        terminal.until("\\x1b[31mred")
        assert b"\x1b]0;owned" not in terminal.raw
        assert b"\x1b[31mred" not in terminal.raw


def test_without_a_token_it_says_how_to_get_one(embedded: Embedded) -> None:
    code, said = embedded.ink("chat", "help")
    assert code == 1
    assert "ink login" in said
