"""A changed policy file counts without a restart; a faulty one leaves the old policy in force and says so."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from audit.ledger import Event, LedgerUnavailable, Record
from audit.memory import MemoryLedger
from ink_core.clock import ManualClock
from manager.gate.live_policy import CHAIN, LivePolicy
from manager.gate.policy_file import PolicyInvalid, load_policy

GOOD = "version: 1\nrules:\n- {id: all, when: {}, effect: ask, reason: because}\n"
STRICT = GOOD.replace("ask", "deny")


class Full(MemoryLedger):
    """A ledger whose disk may be full."""

    full = False

    async def append(self, chain: str, *records: Record) -> tuple[Event, ...]:
        if self.full:
            raise LedgerUnavailable("the disk is full")
        return await super().append(chain, *records)


class Site:
    """A policy file as an administrator changes it, and the policy that follows it."""

    def __init__(self, folder: Path) -> None:
        self.file, self.ledger = folder / "policy.yaml", Full()
        self.write(GOOD)
        self.live = LivePolicy(self.file, self.ledger, ManualClock())

    def write(self, text: str) -> None:
        new = self.file.with_suffix(".new")
        new.write_text(text)
        os.replace(new, self.file)

    async def looks(self, times: int = 2) -> None:
        for _ in range(times):
            await self.live.refresh()

    async def kinds(self) -> list[str]:
        return [event.kind for event in await self.ledger.read(CHAIN)]

    @property
    def effect(self) -> str:
        return self.live.current().rules[0].effect.value


@pytest.mark.requirement("GATE-POLICY-03")
async def test_a_changed_file_counts_without_a_restart_and_is_recorded_whole(tmp_path: Path) -> None:
    site = Site(tmp_path)
    await site.live.begin()
    site.write(STRICT)
    await site.looks()
    assert site.effect == "deny"
    loaded = (await site.ledger.read(CHAIN))[-1]
    assert (loaded.kind, loaded.body["version"]) == ("policy.loaded", site.live.current().version)
    assert loaded.body["policy"] == site.live.current().content()


@pytest.mark.requirement("GATE-POLICY-03")
@pytest.mark.parametrize("faulty", ["version: 1\nrules: [", "version: 1\nrules: [{id: x}]\n", ""])
async def test_a_faulty_file_leaves_the_old_policy_in_force_and_says_so(tmp_path: Path, faulty: str) -> None:
    site = Site(tmp_path)
    await site.live.begin()
    site.write(faulty)
    await site.looks(5)
    assert site.effect == "ask"
    problem = site.live.status().problem
    assert problem and str(site.file) in problem
    assert await site.kinds() == ["policy.loaded", "policy.refused"], "once, however often it is looked at"
    site.write(STRICT)
    await site.looks()
    assert (site.effect, site.live.status().problem) == ("deny", None)


async def test_a_file_that_is_gone_leaves_the_old_policy_in_force(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.file.unlink()
    await site.looks()
    assert site.effect == "ask"
    assert "cannot be read" in (site.live.status().problem or "")


async def test_a_file_that_is_put_back_as_it_was_is_no_problem_any_more(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write("nonsense")
    await site.looks()
    site.write(GOOD)
    await site.looks()
    assert site.live.status().problem is None
    assert await site.kinds() == ["policy.refused"]


async def test_a_file_that_is_being_written_is_not_read_yet(tmp_path: Path) -> None:
    site = Site(tmp_path)
    for length in range(len(STRICT) - 3, len(STRICT) + 1):
        site.write(STRICT[:length])
        await site.looks(1)
        assert (site.effect, site.live.status().problem) == ("ask", None)
    await site.looks(1)
    assert site.effect == "deny"


async def test_a_policy_that_cannot_be_recorded_does_not_count_until_it_can(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write(STRICT)
    site.ledger.full = True
    await site.looks(1)
    with pytest.raises(LedgerUnavailable):
        await site.looks(1)
    assert site.effect == "ask"
    site.ledger.full = False
    await site.looks(1)
    assert site.effect == "deny"


async def test_a_start_records_its_policy_where_it_is_another_than_last_time(tmp_path: Path) -> None:
    site = Site(tmp_path)
    await site.live.begin()
    await LivePolicy(site.file, site.ledger, ManualClock()).begin()
    assert await site.kinds() == ["policy.loaded"]
    await LivePolicy(None, site.ledger, ManualClock()).begin()
    assert await site.kinds() == ["policy.loaded"] * 2


async def test_the_shipped_policy_is_looked_at_without_a_file(tmp_path: Path) -> None:
    live = LivePolicy(None, MemoryLedger(), ManualClock())
    await live.refresh()
    assert (live.status().source, live.status().problem) == ("default policy", None)
    assert live.current().version == load_policy(None).version


async def test_nothing_starts_with_a_broken_policy(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("rules: 7")
    with pytest.raises(PolicyInvalid, match=r"policy\.yaml:1:1: version: it is missing"):
        LivePolicy(file, MemoryLedger(), ManualClock())
