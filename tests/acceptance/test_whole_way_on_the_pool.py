"""The whole way on real parts: Chromium → manager → HTCondor job → Apptainer → worker, and back. Played in order."""

from __future__ import annotations

import re
from itertools import count

import pytest
from playwright.sync_api import Browser, expect

from tests.acceptance.browser import SIZE, Visitor
from tests.acceptance.conftest import AtWork, at_work
from tests.acceptance.pool import Pool
from tests.acceptance.screenshots import screenshot
from tests.acceptance.waiting import until

pytestmark = [pytest.mark.cluster, pytest.mark.browser, pytest.mark.integration, pytest.mark.timeout(600)]

ASKED = count()
HELLO = "#!/bin/sh\necho hello from $(id -un) on $(hostname)\n"


@pytest.mark.requirement("WEB-PORTAL-01")
@pytest.mark.requirement("WORKER-START-01")
@pytest.mark.requirement("SETUP-RUN-06")
def test_one_click_brings_a_worker_as_a_job_of_alice(pool: Pool, alice: AtWork) -> None:
    ad = pool.as_user("alice", "condor_q", alice.worker_job, "-af", "Owner", "JobStatus", "RemoteHost", "Arguments")
    owner, status, host, arguments = ad.split(maxsplit=3)
    assert (owner, status) == ("alice", "2")
    assert f"@{alice.node}." in host and "worker.sif" in arguments

    processes = pool.cluster.exec(alice.node, ["ps", "-eo", "user,args"])
    assert re.search(r"^alice .*python3 -I -m worker_agent", processes, re.MULTILINE), processes


@pytest.mark.requirement("AGENT-GUIDE-02")
@pytest.mark.requirement("WEB-CHAT-01")
@pytest.mark.requirement("WEB-CHAT-02")
def test_a_question_about_jobs_is_answered_from_the_schedd(alice: AtWork) -> None:
    answer = alice.visitor.ask("show me my running jobs")

    assert alice.worker_job in answer and "running" in answer
    card = alice.visitor.last_card
    expect(card.get_by_role("group", name="Result")).to_be_hidden()
    expect(card.locator("summary")).to_contain_text(re.compile(r"list_jobs.*RUNNING.*read\s*done.*\d ms"))
    screenshot(alice.visitor.page, "running-jobs")
    card.locator("summary").click()
    expect(card.get_by_role("group", name="Result")).to_contain_text(alice.worker_job)
    card.locator("summary").click()


@pytest.mark.requirement("WEB-EDITOR-01")
@pytest.mark.requirement("CORE-JOBS-01")
@pytest.mark.requirement("CORE-FILES-01")
@pytest.mark.requirement("AGENT-GUIDE-04")
def test_a_script_written_in_the_editor_runs_as_a_job(pool: Pool, alice: AtWork) -> None:
    pool.as_user("alice", "find", "/scratch/alice", "-name", "hello.sh*", "-delete")
    alice.visitor.page.get_by_role("button", name="Refresh").click()
    alice.visitor.write_new_file("hello.sh", HELLO)
    screenshot(alice.visitor.page, "editor")
    assert pool.as_user("alice", "cat", "/scratch/alice/hello.sh") == HELLO

    answer = alice.visitor.ask("submit hello.sh")
    found = re.search(r"Submitted hello\.sh to htcondor: (\d+\.\d+)", answer)
    assert found, answer
    screenshot(alice.visitor.page, "submitted")
    query = ("condor_history", found.group(1), "-limit", "1", "-af", "Owner", "ExitCode", "Iwd", "Out")
    ended = until("the job has ended", lambda: pool.as_user("alice", *query).split(), timeout_s=60)
    assert ended[:2] == ["alice", "0"]
    assert pool.as_user("alice", "cat", "/".join(ended[2:])).startswith("hello from alice on node")


@pytest.mark.requirement("AGENT-GUIDE-04")
@pytest.mark.requirement("CORE-JOBS-03")
@pytest.mark.requirement("CORE-JOBS-04")
def test_a_held_job_is_explained(pool: Pool, alice: AtWork) -> None:
    job = pool.sleeping_job("alice", alice.visitor)
    assert f"Held: {job}" in alice.visitor.ask(f"hold job {job}")
    assert pool.job_status(job) == "5"

    answer = alice.visitor.ask(f"why is job {job} held?")
    assert job in answer and "asked by alice in the chat" in answer
    screenshot(alice.visitor.page, "why-held")

    assert job in alice.visitor.ask(f"remove job {job}")
    assert pool.job_status(job) in ("", "3")


@pytest.mark.requirement("TOOLS-FILES-01")
def test_the_workspace_is_the_workers(alice: AtWork) -> None:
    assert "hello.sh" in alice.visitor.ask("what is in my workspace?")
    screenshot(alice.visitor.page, "workspace")


def terminal_columns(visitor: Visitor) -> int:
    """What the pty in the worker says."""
    mark = f"asked-{next(ASKED)}"
    visitor.type(f"echo {mark} $(stty size)=")
    size = re.search(rf"{mark} \d+ (\d+)=", visitor.expect_terminal(rf"{mark} \d+ \d+="))
    assert size
    return int(size.group(1))


@pytest.mark.requirement("WEB-TERM-01")
@pytest.mark.requirement("WORKER-TERM-01")
@pytest.mark.requirement("WORKER-START-05")
def test_the_terminal_is_a_pty_in_the_worker_and_survives_a_reload(pool: Pool, alice: AtWork) -> None:
    visitor = alice.visitor
    visitor.open_terminal()
    visitor.type("hostname; tty; id -un; ls -d ~ /shared/home/alice; kept=here")
    shown = visitor.expect_terminal(r"cannot access '/shared/home/alice'")
    assert alice.node in shown and "/dev/pts/" in shown and "alice" in shown
    screenshot(visitor.page, "terminal")

    narrow = terminal_columns(visitor)
    visitor.page.set_viewport_size({"width": SIZE[0] + 200, "height": SIZE[1]})
    until("the pty is wider", lambda: terminal_columns(visitor) > narrow)
    visitor.page.set_viewport_size({"width": SIZE[0], "height": SIZE[1]})

    visitor.page.reload()
    visitor.tab("Terminal")
    visitor.expect_terminal("asked-")
    visitor.type("echo still $kept")
    visitor.expect_terminal("still here")
    visitor.tab("Files")


@pytest.mark.requirement("WORKER-TERM-01")
def test_full_screen_programs_and_control_keys_work_in_that_terminal(pool: Pool, alice: AtWork) -> None:
    visitor = alice.visitor
    keyboard = visitor.page.keyboard
    pool.as_user("alice", "rm", "-f", "/scratch/alice/notes.txt")
    visitor.tab("Terminal")
    visitor.expect_terminal("still here")
    visitor.type("vi notes.txt")
    visitor.expect_terminal(r"notes\.txt.*New")
    keyboard.type("iwritten in vi")
    keyboard.press("Escape")
    visitor.type(":wq")
    visitor.expect_terminal(r"vi notes\.txt\s*\S*[$>#]")  # what is typed before the prompt is there, vi may take
    visitor.type("cat notes.txt; echo left vi")
    visitor.expect_terminal("left vi")
    assert pool.as_user("alice", "cat", "/scratch/alice/notes.txt") == "written in vi\n"

    visitor.type("top")
    visitor.expect_terminal(r"PID USER")
    screenshot(visitor.page, "terminal-top")
    keyboard.press("q")
    visitor.expect_terminal(r"PID USER[\s\S]*[$>#]\s*$")
    visitor.type("sh -c 'echo now as''leep; exec sleep 1000'")
    visitor.expect_terminal("now asleep")
    keyboard.press("Control+z")
    visitor.expect_terminal("Stopped")
    visitor.type("fg")
    visitor.expect_terminal(r"fg\s*sh -c")
    keyboard.press("Control+c")
    visitor.type("jobs; echo nothing runs")
    visitor.expect_terminal("nothing runs")
    visitor.tab("Files")


@pytest.mark.requirement("GATE-APPROVAL-01")
@pytest.mark.requirement("GATE-PREVIEW-01")
@pytest.mark.requirement("WEB-APPROVE-01")
@pytest.mark.requirement("CORE-JOBS-10")
def test_removing_somebodys_job_waits_for_an_administrator_and_runs_once(
    pool: Pool, alice: AtWork, admin: Visitor
) -> None:
    job = pool.sleeping_job("bob", alice.visitor)
    replies = alice.visitor.log.locator("article.reply").count()
    alice.visitor.send(f"remove job {job}")
    expect(alice.visitor.log.get_by_text("Waiting for an approver.")).to_be_visible()
    screenshot(alice.visitor.page, "waits-for-approval")
    assert pool.job_status(job) in ("1", "2")

    card = admin.approval(job)
    expect(card).to_contain_text(re.compile("Requested by.*alice.*Owners.*bob.*cannot be undone", re.DOTALL))
    screenshot(admin.page, "approvals")
    card.get_by_role("button", name="Approve once").click()

    assert f"Removed: {job}" in alice.visitor.answer(replies)
    screenshot(alice.visitor.page, "approved")
    assert pool.job_status(job) in ("", "3")
    assert len(alice.visitor.events("call.intent", of_last_call=True)) == 1


@pytest.mark.requirement("GATE-APPROVAL-01")
@pytest.mark.requirement("GATE-APPROVAL-02")
def test_a_rejected_call_never_runs_and_the_chat_tells_why(pool: Pool, alice: AtWork, admin: Visitor) -> None:
    job = pool.sleeping_job("bob", alice.visitor)
    replies = alice.visitor.log.locator("article.reply").count()
    alice.visitor.send("remove all jobs of bob")
    expect(alice.visitor.log.get_by_text("Waiting for an approver.")).to_be_visible()
    admin.reject(admin.approval(job), "bob is on shift, ask him first")

    answer = alice.visitor.answer(replies)
    assert "bob is on shift, ask him first" in answer
    screenshot(alice.visitor.page, "rejected")
    assert pool.job_status(job) in ("1", "2")
    assert alice.visitor.events("call.intent", of_last_call=True) == []
    pool.as_user("bob", "condor_rm", job)


@pytest.mark.requirement("WORKER-START-02")
def test_a_worker_starts_by_slurm_too(pool: Pool, alice: AtWork, browser: Browser) -> None:
    visitor = Visitor(browser, pool.url, alice.visitor.context.storage_state())
    visitor.page.goto(pool.url)
    on_slurm = at_work(visitor, "slurm")

    job = pool.as_user("alice", "squeue", "-h", "-j", on_slurm.worker_job, "-o", "%u %T %N")
    assert job.split() == ["alice", "RUNNING", on_slurm.node]
    expect(visitor.page.get_by_role("treeitem", name="hello.sh", exact=True)).to_be_visible()
    assert "hello.sh" in visitor.ask("what is in my workspace?")
    assert visitor.troubles == []
