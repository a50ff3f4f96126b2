"""The whole way without root, cluster and model: the same page, gate and ledger over child processes."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, expect

from bench.running_manager import Client
from tests.acceptance import ledger_copy
from tests.acceptance.browser import Visitor
from tests.acceptance.conftest import AtWork, at_work
from tests.acceptance.embedded import Embedded, job, running_embedded, sleeping_job
from tests.acceptance.event_stream import follow
from tests.acceptance.screenshots import screenshot
from tests.acceptance.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PASSWORD = "correct horse battery staple"


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with running_embedded(tmp_path_factory.mktemp("embedded")) as embedded:
        yield embedded


@pytest.fixture(scope="module")
def alice(embedded: Embedded, browser: Browser) -> AtWork:
    visitor = Visitor(browser, embedded.url)
    visitor.sign_in_by_link(embedded.manager.link("alice"))
    return at_work(visitor)


@pytest.fixture(scope="module")
def admin(embedded: Embedded, browser: Browser) -> Visitor:
    visitor = Visitor(browser, embedded.url)
    visitor.sign_in_by_link(embedded.manager.link("admin"))
    return visitor


@pytest.fixture(scope="module")
def bob(embedded: Embedded) -> Iterator[Client]:
    client = embedded.sign_in("bob")
    yield client
    client.http.close()


@pytest.mark.requirement("WEB-SIGNIN-01")
@pytest.mark.requirement("CORE-AUTH-01")
def test_a_user_signs_in_with_a_password_and_a_wrong_one_is_told_without_a_hint(
    embedded: Embedded, browser: Browser
) -> None:
    code, said = embedded.ink("user", "add", "pat", "--password", stdin=PASSWORD + "\n")
    assert code == 0, said
    visitor = Visitor(browser, embedded.url)
    visitor.page.goto(embedded.url)
    screenshot(visitor.page, "sign-in")
    for username in ("pat", "nobody"):
        visitor.sign_in(username, "wrong")
        expect(visitor.page.get_by_role("alert")).to_have_text("User name or password is wrong.")
    visitor.sign_in("pat", PASSWORD)
    visitor.expect_portal()
    expect(visitor.page.get_by_role("banner").get_by_text("pat", exact=True)).to_be_visible()
    assert visitor.troubles == []


@pytest.mark.requirement("CORE-AUTH-04")
@pytest.mark.requirement("SETUP-RUN-01")
def test_a_printed_link_signs_in_once(embedded: Embedded, browser: Browser) -> None:
    link = embedded.link("bob")
    first, second = Visitor(browser, embedded.url), Visitor(browser, embedded.url)
    first.sign_in_by_link(link)
    second.page.goto(link)
    expect(second.page.get_by_text("Good to see you")).to_be_hidden()
    assert not second.context.cookies()


@pytest.mark.requirement("WEB-PORTAL-01")
@pytest.mark.requirement("SETUP-RUN-05")
@pytest.mark.requirement("WEB-STATUS-01")
def test_one_click_brings_a_worker_as_a_local_job(alice: AtWork) -> None:
    jobs = {one["job_id"]: one for one in alice.visitor.get("/jobs")["jobs"]}
    assert jobs[alice.worker_job]["state"] == "RUNNING" and jobs[alice.worker_job]["owner"] == "alice"
    assert alice.node == os.uname().nodename
    banner = alice.visitor.page.get_by_role("banner")
    expect(banner).to_contain_text(re.compile("offline guide.*cluster.*local.*acting as.*alice", re.DOTALL))


@pytest.mark.requirement("AGENT-LOOP-02")
@pytest.mark.requirement("WEB-CHAT-01")
def test_a_question_is_answered_by_a_tool_call_and_streamed(embedded: Embedded, alice: AtWork) -> None:
    answer = alice.visitor.ask("show me my running jobs")
    assert alice.worker_job in answer

    cookies = {str(one.get("name")): str(one.get("value")) for one in alice.visitor.context.cookies()}
    with httpx2.Client(base_url=embedded.url, cookies=cookies, headers={"Origin": embedded.url}, timeout=30) as http:
        session = http.post("/api/v1/sessions", json={}).json()["session_id"]
        stream = follow(http, session)
        kinds = [next(stream)[0]]
        http.post(f"/api/v1/sessions/{session}/messages", json={"text": "show me my running jobs"})
        while kinds[-1] != "turn.ended":
            kinds.append(next(stream)[0])
        stream.close()
    durable = [kind for kind in kinds if kind != "delta"]
    assert kinds.count("delta") > 1
    calls = ["call.proposed", "call.intent", "call.outcome"]
    asked = ["model.asked", "model.sent", "model.replied"]
    assert [kind for kind in durable if kind.split(".")[0] in ("call", "model")] == [*asked, *calls, *asked]


@pytest.mark.requirement("WEB-EDITOR-01")
@pytest.mark.requirement("CORE-JOBS-06")
def test_a_script_written_in_the_editor_runs_as_a_job(embedded: Embedded, alice: AtWork) -> None:
    alice.visitor.write_new_file("hello.sh", "#!/bin/sh\necho hello from job\n")
    answer = alice.visitor.ask("submit hello.sh")
    found = re.search(r"Submitted hello\.sh to local: (\S+?)\.? Ask", answer)
    assert found, answer
    path = f"/jobs/local/{found.group(1)}"
    ended = until("the job has ended", lambda: (one := alice.visitor.get(path))["state"] == "COMPLETED" and one)
    assert Path(ended["stdout"]).read_text() == "hello from job\n"
    assert "hello.sh" in alice.visitor.ask("what is in my workspace?")


@pytest.mark.requirement("AGENT-GUIDE-04")
@pytest.mark.requirement("WEB-JOBS-01")
@pytest.mark.requirement("WEB-JOBS-02")
def test_a_held_job_is_explained_in_the_chat_and_on_the_jobs_page(
    embedded: Embedded, alice: AtWork, browser: Browser
) -> None:
    visitor = alice.visitor
    visitor.write_new_file("long.sh", "#!/bin/sh\nsleep 600\n")
    found = re.search(r"to local: (\S+?)\.? Ask", visitor.ask("submit long.sh"))
    assert found
    assert f"Held: {found.group(1)}" in visitor.ask(f"hold job {found.group(1)}")
    assert "asked by alice in the chat" in visitor.ask(f"why is job {found.group(1)} held?")

    window = Visitor(browser, embedded.url, visitor.context.storage_state())
    window.page.goto(f"{embedded.url}/#/jobs")
    window.page.get_by_role("button", name=re.compile("^held")).click()
    window.page.get_by_role("button", name=found.group(1), exact=True).click()
    window.page.get_by_role("button", name="Why?").click()
    expect(window.page.get_by_role("heading", name="Why is it held?")).to_be_visible()
    expect(window.page.get_by_text("asked by alice in the chat").first).to_be_visible()
    screenshot(window.page, "jobs")


@pytest.mark.requirement("WEB-TERM-01")
@pytest.mark.requirement("WORKER-TERM-01")
def test_the_terminal_is_a_pty_and_survives_a_reload(alice: AtWork) -> None:
    visitor = alice.visitor
    visitor.open_terminal()
    visitor.type("tty; kept=here")
    visitor.expect_terminal("/dev/pts/")
    visitor.page.reload()
    visitor.tab("Terminal")
    visitor.expect_terminal("kept=here")
    visitor.type("echo still $kept")
    visitor.expect_terminal("still here")
    visitor.tab("Files")


@pytest.mark.requirement("GATE-APPROVAL-01")
@pytest.mark.requirement("GATE-APPROVAL-07")
@pytest.mark.requirement("AGENT-LOOP-05")
def test_a_waiting_approval_survives_kill_9_and_runs_once(
    embedded: Embedded, alice: AtWork, admin: Visitor, bob: Client
) -> None:
    job_id = sleeping_job(bob)
    replies = alice.visitor.log.locator("article.reply").count()
    alice.visitor.send("remove all jobs of bob")
    expect(alice.visitor.log.get_by_text("Waiting for an approver.")).to_be_visible()

    embedded.crash()
    embedded.restart()

    assert job(bob, job_id)["state"] == "RUNNING"
    admin.approval(job_id).get_by_role("button", name="Approve once").click()
    assert f"Removed: {job_id}" in alice.visitor.answer(replies)
    assert job(bob, job_id)["state"] == "CANCELLED"
    assert len(alice.visitor.events("call.intent", of_last_call=True)) == 1


@pytest.mark.requirement("GATE-APPROVAL-02")
def test_a_rejected_call_never_runs_and_the_chat_tells_why(
    embedded: Embedded, alice: AtWork, admin: Visitor, bob: Client
) -> None:
    job_id = sleeping_job(bob)
    replies = alice.visitor.log.locator("article.reply").count()
    alice.visitor.send("remove all jobs of bob")
    admin.reject(admin.approval(job_id), "bob is on shift, ask him first")
    assert "bob is on shift, ask him first" in alice.visitor.answer(replies)
    assert job(bob, job_id)["state"] == "RUNNING"


@pytest.mark.requirement("AGENT-LOOP-05")
@pytest.mark.requirement("WORKER-RPC-04")
@pytest.mark.requirement("WORKER-TERM-02")
def test_a_running_command_survives_kill_9_and_runs_once(embedded: Embedded, alice: AtWork) -> None:
    replies = alice.visitor.log.locator("article.reply").count()
    alice.visitor.send("""run sh -c "date >> ran.txt; sleep 8; echo finished" """)
    ran = embedded.workspace("alice") / "ran.txt"
    until("the command has begun", ran.exists)

    embedded.crash()
    embedded.restart()

    assert "finished" in alice.visitor.answer(replies)
    assert len(ran.read_text().splitlines()) == 1
    alice.visitor.tab("Terminal")
    alice.visitor.type("echo and $kept again")
    alice.visitor.expect_terminal("and here again")


@pytest.mark.requirement("AUDIT-VERIFY-01")
@pytest.mark.requirement("AUDIT-VERIFY-02")
@pytest.mark.requirement("WEB-CSP-01")
def test_the_audit_verifies_and_finds_one_flipped_bit(embedded: Embedded, alice: AtWork, tmp_path: Path) -> None:
    code, text = embedded.ink("audit", "verify", "--json")
    assert code == 0, text
    attempts = {attempt["call_id"]: attempt for attempt in json.loads(text)["attempts"]}
    proposed = alice.visitor.events("call.proposed")
    assert proposed and all(attempts[event["call_id"]]["tool"] == event["tool"] for event in proposed)
    assert {attempt["outcome"] for attempt in attempts.values()} <= {"done", "refused", "failed"}

    ledger_copy.copy_and_flip(embedded.data / "ledger.db", tmp_path / "flipped.db")
    code, text = embedded.ink("audit", "verify", str(tmp_path / "flipped.db"))
    assert code == 1 and "does not match its hash" in text
    assert alice.visitor.troubles == []
