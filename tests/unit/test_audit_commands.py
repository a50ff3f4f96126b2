"""`ink audit …` over a ledger of a small day: search, export, erase, verify, and what each says when it cannot."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue
from typer.testing import CliRunner, Result

from audit.ledger import Record
from audit.sqlite import SqliteLedger
from audit.verify import verify
from ink_core.clock import ManualClock
from ink_core.compute.own_user import own_user
from manager.__main__ import app

MORNING = datetime(2026, 3, 1, 8, tzinfo=UTC)


def call(call_id: str, user: str, tool: str, ended: dict[str, JsonValue], **arguments: JsonValue) -> list[Record]:
    proposed: dict[str, JsonValue] = {"call_id": call_id, "tool": tool, "principal": user, "arguments": arguments}
    return [
        Record("call.proposed", proposed),
        Record("call.intent", {"call_id": call_id}),
        Record("call.outcome", {"call_id": call_id, **ended}),
    ]


DONE: dict[str, JsonValue] = {"status": "done", "result": {"jobs": [{"job_id": "8.0"}]}, "error": None}
FAILED: dict[str, JsonValue] = {
    "status": "failed", "result": None, "error": {"code": "not_found", "message": "gone", "retryable": False},
}  # fmt: skip


def approval(call_id: str, verdict: str) -> list[Record]:
    return [
        Record("approval.requested", {"call_id": call_id, "approval_id": f"a-{call_id}"}),
        Record(
            "approval.decided", {"call_id": call_id, "approval_id": f"a-{call_id}", "verdict": verdict, "by": "carol"}
        ),
    ]


async def a_day(path: Path) -> None:
    clock = ManualClock(MORNING)
    ledger = SqliteLedger(path, clock)

    async def record(chain: str, *records: Record) -> None:
        for each in records:
            await ledger.append(chain, each)
            clock.advance(60)

    await record("session:s1", Record("session.opened", {"owner": "alice", "title": "Why is it held?"}))
    await record("session:s1", Record("user.message", {"by": "alice", "text": "why is 7.0 held?"}))
    await record("session:s1", Record("model.asked", {"turn": 1, "model": "guide"}))
    replied: dict[str, JsonValue] = {"turn": 1, "text": "", "prompt_tokens": 11, "completion_tokens": 5, "calls": []}
    await record("session:s1", Record("model.replied", replied))
    await record("session:s1", *call("c1", "alice", "describe_job", FAILED, job_id="7.0"))
    await record("session:s1", Record("turn.ended", {"turn": 1, "reason": "answered"}))
    proposed, *rest = call("c2", "bob", "remove_jobs", DONE, job_ids=["7.0", "7.1"])
    await record("portal:bob", proposed, *approval("c2", "approved"), *rest)
    proposed, *_ = call("c3", "bob", "remove_jobs", DONE, job_ids=["9.0"])
    refused = Record("call.refused", {"call_id": "c3", "code": "approval_rejected", "message": "no"})
    await record("portal:bob", proposed, *approval("c3", "rejected"), refused)
    await ledger.close()


@pytest.fixture
def day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INK_DATA_DIR", str(tmp_path))
    asyncio.run(a_day(tmp_path / "ledger.db"))
    return tmp_path / "ledger.db"


def ink(*words: str) -> Result:
    return CliRunner().invoke(app, ["audit", *words])


def found(*words: str) -> list[str]:
    result = ink("search", "--json", *words)
    assert result.exit_code == 0, result.output
    return [json.loads(line)["call_id"] for line in result.stdout.splitlines()]


@pytest.mark.requirement("AUDIT-SEARCH-01")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], ["c1", "c2", "c3"]),
        (["--user", "bob"], ["c2", "c3"]),
        (["--tool", "describe_job"], ["c1"]),
        (["--job", "7.0"], ["c1", "c2"]),
        (["--job", "8.0"], ["c2"]),
        (["--verdict", "approved"], ["c2"]),
        (["--verdict", "rejected"], ["c3"]),
        (["--verdict", "failed"], ["c1"]),
        (["--since", "2026-03-01T08:13:00"], ["c3"]),
        (["--until", "2026-03-01T08:05:00"], ["c1"]),
        (["--user", "bob", "--verdict", "refused", "--job", "9.0"], ["c3"]),
        (["--user", "nobody"], []),
    ],
)
def test_attempts_are_found_by_user_tool_time_job_and_verdict(day: Path, words: list[str], expected: list[str]) -> None:
    assert found(*words) == expected


def test_a_line_says_who_what_when_and_how_it_ended(day: Path) -> None:
    line = ink("search", "--verdict", "rejected").stdout
    for word in ("bob", "remove_jobs", "refused (approval_rejected)", "rejected by carol", "9.0", "portal:bob", "c3"):
        assert word in line


async def test_what_is_recorded_forges_no_line_of_a_search(day: Path) -> None:
    ledger = SqliteLedger(day)
    await ledger.append("portal:eve", *call("c4", "eve", "x\r\nalice\x1b]0;own\x07", DONE))
    await ledger.close()
    (line,) = (await asyncio.to_thread(ink, "search", "--user", "eve")).stdout.removesuffix("\n").split("\n")
    assert r"x\r\nalice\x1b]0;own\x07" in line and line.isprintable()


def test_older_ones_that_are_not_shown_are_counted(day: Path) -> None:
    assert "2 older ones are not shown" in ink("search", "--limit", "1").stderr


@pytest.mark.requirement("AUDIT-EXPORT-01")
def test_every_event_is_exported_as_a_line_of_json(day: Path) -> None:
    lines = [json.loads(line) for line in ink("export").stdout.splitlines()]
    assert len(lines) == verify(day).events
    message = next(line for line in lines if line["kind"] == "user.message")
    assert message["body"]["text"] == "why is 7.0 held?" and len(message["hash"]) == 64 and not message["erased"]
    assert {line["chain"] for line in map(json.loads, ink("export", "--chain", "portal:").stdout.splitlines())} == {
        "portal:bob"
    }


def spans() -> dict[str, dict[str, Any]]:
    traces = [json.loads(line) for line in ink("export", "--otlp").stdout.splitlines()]
    scopes = [scope for trace in traces for resource in trace["resourceSpans"] for scope in resource["scopeSpans"]]
    return {f"{span['name']} {span['startTimeUnixNano'][-12:-9]}": span for scope in scopes for span in scope["spans"]}


@pytest.mark.requirement("AUDIT-EXPORT-01")
def test_a_turn_is_exported_as_a_trace_of_model_and_tool_spans(day: Path) -> None:
    by_name = {name.rsplit(" ", 1)[0]: span for name, span in spans().items()}
    turn, model, tool = by_name["invoke_agent"], by_name["chat guide"], by_name["execute_tool describe_job"]
    assert model["parentSpanId"] == tool["parentSpanId"] == turn["spanId"] and turn["parentSpanId"] == ""
    assert model["traceId"] == tool["traceId"] == turn["traceId"]
    assert len(turn["traceId"]) == 32 and len(turn["spanId"]) == 16
    assert int(tool["endTimeUnixNano"]) - int(tool["startTimeUnixNano"]) == 120 * 10**9
    assert (tool["status"], turn["status"]) == ({"code": 2}, {"code": 1})
    assert {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "11"}} in model["attributes"]
    assert {"key": "gen_ai.tool.name", "value": {"stringValue": "describe_job"}} in tool["attributes"]
    assert "7.0" not in json.dumps(spans()), "content stays out of traces"


@pytest.mark.requirement("AUDIT-REDACT-02")
def test_the_command_erases_a_session_and_the_ledger_verifies(day: Path) -> None:
    result = ink("erase", "--session", "s1", "--reason", "she asked", "--yes")
    assert result.exit_code == 0 and "erased the personal content of 4 events in 1 chains" in result.stdout
    assert b"why is 7.0 held" not in day.read_bytes()
    assert ink("verify").exit_code == 0
    assert found("--tool", "describe_job") == ["c1"]


def test_who_erases_is_who_the_kernel_says_it_is(day: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    assert ink("erase", "--session", "s1", "--yes").exit_code == 0
    assert f"{own_user()} (command line)".encode() in day.read_bytes()
    assert b"somebody-else" not in day.read_bytes()


def test_an_erasure_asks_before_it_acts(day: Path) -> None:
    result = CliRunner().invoke(app, ["audit", "erase", "--session", "s1"], input="n\n")
    assert result.exit_code == 1
    assert b"why is 7.0 held" in day.read_bytes()


async def test_nothing_is_erased_by_the_command_while_the_manager_has_the_ledger(day: Path) -> None:
    ledger = SqliteLedger(day)
    result = await asyncio.to_thread(ink, "erase", "--session", "s1", "--yes")
    await ledger.close()
    assert result.exit_code == 1 and "another process writes the ledger" in result.stderr


@pytest.mark.parametrize("words", [["search"], ["export"], ["verify"]])
def test_without_a_ledger_each_command_says_so_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setenv("INK_DATA_DIR", str(tmp_path))
    result = ink(*words)
    assert result.exit_code == 1
    assert "cannot be read as a ledger" in result.output


def test_a_key_that_does_not_exist_yet_is_said_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INK_DATA_DIR", str(tmp_path))
    result = ink("key")
    assert result.exit_code == 1 and "no key yet" in result.stderr
