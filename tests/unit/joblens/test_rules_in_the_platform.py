"""Rules in the platform: what collectors report starts captures and leaves warnings; actions go through the gate."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from audit.memory import MemoryLedger
from ink_core.agents import InProcessAgents
from ink_core.clock import ManualClock
from joblens.api.node_tokens import Hosts
from joblens.query.lens import Lens
from joblens.rules.rule_set import RuleSet
from joblens.rules.service import RuleService
from joblens.store.wire import encode, join
from manager.gate.door import GateDoor
from manager.gate.gate import Gate, GateLimits
from manager.gate.policy_file import load_policy
from manager.joblens.rules import CHAIN, LensDoer
from manager.joblens.rules_file import RulesInvalid
from mcp_tools.catalogue import default_catalogue
from mcp_tools.doubles import MemoryQueues, memory_job, services
from tests.security.application import application
from tests.unit.joblens.lens_site import BEGIN, CLUSTER, LensSite, batch, info, key_of, lens_site, sample

JOB = "172.0"
BUSY: dict[str, Any] = {
    "name": "busy",
    "text": "It computes.",
    "when": [{"metric": "cpu_percent", "above": 50}],
    "cooldown": "10s",
    "capture": {"duration": "60s", "details": ["processes"]},
}


class Ruled:
    """A platform whose store is heard by rules, and a gate over a queue with alice's job in it."""

    def __init__(self, site: LensSite, ledger: MemoryLedger, **rules: Any) -> None:
        self.site, self.ledger = site, ledger
        lens: Lens = site.app.state.platform.lens
        moment = ManualClock(datetime.fromtimestamp(BEGIN, UTC))  # all happens in it
        self.lens = replace(lens, clock=moment)
        queues = MemoryQueues({CLUSTER: [memory_job(JOB, "alice", cluster=CLUSTER)]})
        policy = load_policy(None)
        parts = services(InProcessAgents({}), queues)
        gate = Gate(ledger, default_catalogue(), lambda: policy, parts, ManualClock(), GateLimits())
        rule_set = RuleSet.model_validate({"version": 1} | rules)
        doer = LensDoer(self.lens, GateDoor(gate), site.app.state.platform.core.identity, rule_set.act_as)
        self.service = RuleService(rule_set, doer, lambda: BEGIN)
        self.lens.listeners.append(self.service.hear)

    async def report(self, *seconds: int) -> None:
        """As a collector does."""
        for second in seconds:
            told = batch(second, jobs=[info(JOB)], samples=[sample(JOB, second)])
            await self.lens.take(join([encode(told)]), Hosts("*"))
        await self.service.work()

    async def warnings(self) -> list[str]:
        return [mark.text for mark in await self.lens.store.ask(lambda store: store.marks(key_of(JOB)))]


@pytest_asyncio.fixture
async def site(tmp_path: Path) -> AsyncGenerator[LensSite]:
    async with lens_site(tmp_path) as site:
        yield site


@pytest.mark.requirement("LENS-RULES-02")
async def test_what_a_collector_reports_starts_a_capture_that_is_attached_to_the_job(site: LensSite) -> None:
    ruled = Ruled(site, MemoryLedger(), rules=[BUSY])
    await ruled.report(1, 2)
    (capture,) = await ruled.lens.book.of_job(key_of(JOB))
    assert (capture.by, round(capture.until - capture.begun)) == ("rule:busy", 60)
    assert capture.reason == "It computes. (busy: cpu_percent 100)"
    assert await ruled.warnings() == ["1. It computes. (busy: cpu_percent 100)"]


async def test_a_warning_changes_nothing_else_of_the_job(site: LensSite) -> None:
    ruled = Ruled(site, MemoryLedger(), rules=[BUSY])
    await ruled.report(1, 2)
    await ruled.report(3)
    summary = await ruled.lens.store.ask(lambda store: store.summary(key_of(JOB)))
    assert (summary.hosts, summary.samples, summary.last_seen) == (1, 3, BEGIN + 3)


@pytest.mark.requirement("LENS-RULES-04")
async def test_after_two_warnings_an_action_waits_at_the_gate_for_another_administrator(site: LensSite) -> None:
    ledger = MemoryLedger()
    ruled = Ruled(site, ledger, rules=[BUSY | {"act": {"tool": "hold_jobs"}}], act_as="admin")
    await ruled.report(1, 2, 12, 13)
    assert len(await ruled.warnings()) == 2 and not await ledger.read(CHAIN)
    await ruled.report(22, 23, 24, 33, 34, 50)
    proposed, *_, asked = await ledger.read(CHAIN)
    assert proposed.body["tool"] == "hold_jobs"
    arguments: Any = proposed.body["arguments"]
    assert arguments["job_ids"] == [JOB]
    assert "rule busy after 2 warnings" in arguments["reason"]
    assert asked.kind == "approval.requested"


@pytest.mark.requirement("LENS-RULES-04")
@pytest.mark.parametrize("who", [None, "alice", "nobody"])
async def test_without_an_administrator_behind_them_rules_act_on_nothing(site: LensSite, who: str | None) -> None:
    ledger = MemoryLedger()
    ruled = Ruled(site, ledger, rules=[BUSY | {"act": {"tool": "hold_jobs"}}], act_as=who)
    await ruled.report(1, 2, 12, 22, 32, 42)
    assert not await ledger.read(CHAIN)


async def test_a_file_of_rules_that_is_not_valid_keeps_the_manager_from_starting(tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("version: 1\nrules: [{name: x}]\n")
    with pytest.raises(RulesInvalid, match=r"rules\.yaml:2:"):
        async with application(tmp_path / "data", {"INK_JOBLENS__RULES_FILE": str(rules)}):
            pass
