"""`ink policy` on the command line: check, explain, try on the past."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from audit.sqlite import SqliteLedger
from ink_core.agents import InProcessAgents
from ink_core.clock import ManualClock
from ink_core.identity.principal import USER_SCOPES, Principal
from manager.__main__ import app
from manager.gate.admission import Proposal
from manager.gate.gate import Gate, GateLimits
from manager.gate.policy import Origin
from manager.gate.policy.alike import ALIKE, forgotten
from manager.gate.policy_file import load_policy
from mcp_tools.catalogue import default_catalogue
from mcp_tools.doubles import MemoryQueues, memory_job, services

ALICE = Principal(username="alice", is_admin=False, scopes=USER_SCOPES, credential="session:1")
STRICTER = """
version: 1
extends: default
rules:
  - {id: no-listing, when: {tools: [list_jobs]}, effect: deny, reason: because}
  - {id: two, when: {tools: [remove_jobs], others_property: true}, effect: ask, persons: 2, reason: because}
"""
ONE_EACH = """
  - {id: one, when: {tools: [run_command]}, effect: deny, reason: r}
  - {id: two, when: {tools: [start_process]}, effect: ask, reason: r}
"""


def ink(*words: str | Path, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["policy", *map(str, words)])
    assert result.exit_code == code, result.output
    return result.output


def ink_json(*words: str | Path) -> Any:
    return json.loads(ink(*words, "--json"))


@pytest.fixture
def stricter(tmp_path: Path) -> Path:
    file = tmp_path / "stricter.yaml"
    file.write_text(STRICTER)
    return file


@pytest.fixture
async def ledger(tmp_path: Path) -> Path:
    """Calls of the first of January (a list, a removal that asks, an unknown tool) and of the second (a list)."""
    file, clock, policy = tmp_path / "ledger.db", ManualClock(datetime(2026, 1, 1, tzinfo=UTC)), load_policy(None)
    records = SqliteLedger(file, clock)
    doubles = services(InProcessAgents({}), MemoryQueues({"pool": [memory_job("1.0", "bob")]}))
    gate = Gate(records, default_catalogue(), lambda: policy, doubles, clock, GateLimits())
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("c-1", "list_jobs", {}),
        ("c-2", "remove_jobs", {"job_ids": ["1"], "reason": "password=hunter2hunter2"}),
        ("c-3", "remove_everything", {}),
        ("c-4", "list_jobs", {"owner": "*"}),
    ]
    for call_id, tool, arguments in asked:
        if call_id == "c-4":
            clock.advance(86_400)
        await gate.propose(Proposal(call_id, tool, arguments, ALICE, Origin.MODEL, "session:s1"))
        await gate.wait(call_id, 5)
    await gate.close()
    await records.close()
    return file


def test_check_says_that_a_file_is_valid_or_where_it_is_not(tmp_path: Path, stricter: Path) -> None:
    rules = len(load_policy(None).rules) + 2
    assert f"valid: {rules} rules, version " in ink("check", stricter)
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text("version: 1\nrules: 7\n")
    assert "faulty.yaml:2:8: rules: Input should be" in ink("check", faulty, code=1)


@pytest.mark.parametrize(
    ("rules", "warned"),
    [
        ("- {id: no-runs, when: {tools: [run_command]}, effect: deny, reason: r}", "no-runs is about run_command"),
        (
            "- {id: files, when: {tools: ['write_*']}, effect: ask, reason: r}",
            "nothing of edit_notebook and patch_files",
        ),
        ("- {id: runs, when: {tools: [run_command]}, effect: allow, reason: r}", ""),
        ("- {id: both, when: {tools: [run_command, start_process]}, effect: deny, reason: r}", ""),
        (ONE_EACH, ""),
    ],
)
def test_check_warns_of_a_rule_that_forgets_a_tool_by_which_the_same_is_done(
    tmp_path: Path, rules: str, warned: str
) -> None:
    file = tmp_path / "site.yaml"
    file.write_text(f"version: 1\nextends: default\nrules:\n  {rules}\n")
    said = ink("check", file)
    assert "valid: " in said and warned in said
    assert ("warning: " in said) is bool(warned)


def test_the_tools_that_do_the_same_are_tools_and_the_shipped_rules_forget_none() -> None:
    assert frozenset[str]().union(*ALIKE) <= {spec.name for spec in default_catalogue()}
    assert forgotten(load_policy(None).rules) == []


def test_schema_prints_what_editors_need() -> None:
    assert json.loads(ink("schema"))["title"] == "PolicyDocument"


def test_explain_says_what_a_described_call_would_meet(stricter: Path) -> None:
    shown = ink("explain", "remove_jobs", 'job_ids=["1.0"]', "--fact", 'owners=["bob"]', "--file", stricter)
    assert "ask: because (rule two)" not in shown, "others-property comes first in the alphabet"
    assert "(rule others-property)" in shown
    assert "approvers: 2" in shown
    assert "not targets_over" in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["list_jbos"], "did you mean list_jobs"),
        (["list_jobs", "colour=red"], "colour: unknown field"),
        (["list_jobs", "owner"], "'owner' is not NAME=VALUE"),
        (["list_jobs", "--fact", "mood=bad"], "the policy sees no 'mood'"),
        (["list_jobs", "--fact", "target_count=many"], "target_count: Input should be a valid integer"),
        ([], "name a tool, or a recorded call"),
    ],
)
def test_explain_says_what_is_wrong_with_a_description(words: list[str], said: str) -> None:
    assert said in ink("explain", *words, code=1)


async def test_explain_decides_again_on_a_recorded_call(ledger: Path, stricter: Path) -> None:
    decision = ink_json("explain", "--call", "c-2", "--ledger", ledger, "--file", stricter)
    assert (decision["effect"], decision["persons"]) == ("ask", 2)
    assert {"rule": "two", "found": "matched"} in decision["trace"]
    assert "holds no call c-9" in ink("explain", "--call", "c-9", "--ledger", ledger, code=1)


@pytest.mark.requirement("GATE-POLICY-04")
async def test_dry_run_shows_which_calls_of_the_past_a_changed_file_would_treat_otherwise(
    ledger: Path, stricter: Path
) -> None:
    tried = ink_json("dry-run", stricter, "--since", "2026-01-01", "--ledger", ledger)
    was_now = {one["call_id"]: (*one["was"].values(), *one["now"].values()) for one in tried["differences"]}
    assert was_now == {
        "c-1": ("allow", "reads", "administrator", 1, "deny", "no-listing", "administrator", 1),
        "c-2": ("ask", "others-property", "administrator", 1, "ask", "others-property", "administrator", 2),
        "c-4": ("allow", "reads", "administrator", 1, "deny", "no-listing", "administrator", 1),
    }
    assert (tried["calls"], tried["skipped"], tried["uncertain"]) == (3, 1, 1)


@pytest.mark.requirement("GATE-POLICY-04")
async def test_dry_run_looks_at_the_calls_since_a_time_and_prints_a_table(ledger: Path, stricter: Path) -> None:
    shown = ink("dry-run", stricter, "--since", "2026-01-02", "--ledger", ledger)
    assert "1 of 1 calls would be treated otherwise" in shown
    assert "c-4" in shown
    assert "allow (reads)" in shown
    assert "deny (no-listing)" in shown
    assert "c-1" not in shown


async def test_dry_run_with_the_policy_that_was_in_force_finds_nothing(ledger: Path, tmp_path: Path) -> None:
    same = tmp_path / "same.yaml"
    same.write_text("version: 1\nextends: default\nrules: []\n")
    assert "0 of 3 calls" in ink("dry-run", same, "--since", "2026-01-01", "--ledger", ledger)


async def test_dry_run_counts_rates_over_the_calls_of_the_past(ledger: Path, tmp_path: Path) -> None:
    limited = tmp_path / "limited.yaml"
    rate = "{id: r, when: {tools: [list_jobs], rate: {over: 1, per: 2d}}, effect: throttle, reason: because}"
    limited.write_text(f"version: 1\nextends: default\nrules: [{rate}]\n")
    tried = ink_json("dry-run", limited, "--since", "2026-01-02", "--ledger", ledger)
    assert [(one["call_id"], one["now"]["effect"]) for one in tried["differences"]] == [("c-4", "throttle")]


def test_a_time_or_ledger_that_is_none_is_one_sentence(tmp_path: Path, stricter: Path) -> None:
    assert "'soon' is no time" in ink("dry-run", stricter, "--since", "soon", code=1)
    assert "cannot be read" in ink("dry-run", stricter, "--since", "7d", "--ledger", tmp_path / "none.db", code=1)
