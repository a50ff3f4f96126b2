"""`kill -9` of the manager in the middle: the session goes on, nothing runs twice, worker and page come back.

Played after the whole way, with the same manager; the audit at the end is over all of it.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.acceptance.browser import Visitor
from tests.acceptance.conftest import AtWork
from tests.acceptance.pool import INK, Pool
from tests.acceptance.screenshots import screenshot
from tests.acceptance.waiting import until

pytestmark = [pytest.mark.cluster, pytest.mark.browser, pytest.mark.integration, pytest.mark.timeout(600)]


@pytest.mark.requirement("GATE-APPROVAL-07")
@pytest.mark.requirement("AGENT-LOOP-05")
def test_a_waiting_approval_survives_and_runs_once(pool: Pool, alice: AtWork, admin: Visitor) -> None:
    job = pool.sleeping_job("bob", alice.visitor)
    replies = alice.visitor.log.locator("article.reply").count()
    alice.visitor.send(f"remove job {job}")
    expect(alice.visitor.log.get_by_text("Waiting for an approver.")).to_be_visible()

    pool.crash()
    expect(
        alice.visitor.page.get_by_text("Connecting again…").or_(alice.visitor.page.get_by_text("No answer"))
    ).to_be_visible()
    screenshot(alice.visitor.page, "manager-gone")
    pool.restart()

    admin.approval(job).get_by_role("button", name="Approve once").click()
    answer = alice.visitor.answer(replies)
    assert f"Removed: {job}" in answer, pool.job_history(job)
    assert pool.job_status(job) in ("", "3")
    assert len(alice.visitor.events("call.intent", of_last_call=True)) == 1


@pytest.mark.requirement("AGENT-LOOP-05")
@pytest.mark.requirement("WORKER-RPC-02")
@pytest.mark.requirement("WORKER-RPC-03")
@pytest.mark.requirement("WORKER-RPC-04")
@pytest.mark.requirement("WEB-CHAT-03")
def test_a_running_command_goes_on_and_runs_once(pool: Pool, alice: AtWork) -> None:
    pool.as_user("alice", "rm", "-f", "/scratch/alice/ran.txt")
    replies = alice.visitor.log.locator("article.reply").count()
    alice.visitor.send("""run sh -c "date >> ran.txt; sleep 12; echo finished" """)
    expect(alice.visitor.last_card.locator("summary")).to_contain_text("running")

    pool.crash_and_restart()

    answer = alice.visitor.answer(replies)
    screenshot(alice.visitor.page, "after-restart")
    assert "finished" in answer
    assert len(pool.as_user("alice", "cat", "/scratch/alice/ran.txt").splitlines()) == 1
    assert len(alice.visitor.events("call.intent", of_last_call=True)) == 1
    assert [
        agent["state"] for agent in alice.visitor.get("/agents")["agents"] if agent["job_id"] == alice.worker_job
    ] == ["ready"]


def settled(pool: Pool) -> dict[str, Any] | None:
    """The verifier's report once no attempt is under way any more: a page lists files again when a turn has ended."""
    code, text = pool.ink("audit", "verify", "--json")
    assert code == 0, text
    report = json.loads(text)
    return report if "open" not in report["outcomes"] else None


@pytest.mark.requirement("AUDIT-VERIFY-01")
@pytest.mark.requirement("AUDIT-VERIFY-02")
@pytest.mark.requirement("WEB-CSP-01")
def test_the_audit_verifies_names_every_attempt_and_finds_one_flipped_bit(pool: Pool, alice: AtWork) -> None:
    report = until("what the pages still ask for has ended", lambda: settled(pool))
    attempts = {attempt["call_id"]: attempt for attempt in report["attempts"]}
    proposed = alice.visitor.events("call.proposed")
    assert proposed and all(attempts[event["call_id"]]["tool"] == event["tool"] for event in proposed)
    assert report["outcomes"]["done"] > 10
    assert {attempt["outcome"] for attempt in attempts.values()} <= {"done", "refused", "failed"}

    copy = f"{pool.data}/flipped.db"
    script = "/opt/ink/src/tests/acceptance/ledger_copy.py"
    pool.as_user("ink", f"{INK.removesuffix('ink')}python", script, f"{pool.data}/ledger.db", copy)
    code, text = pool.ink("audit", "verify", copy)
    assert code == 1 and "does not match its hash" in text
    assert alice.visitor.troubles == []
