"""The policy in force: read at the start, read again when its file changes, and recorded before it counts.

A broken or missing file leaves the old policy in force and says so in the log, the ledger and the health details. A
change is read once the file has stayed the same between two looks, so that half a file, which may be a valid policy
with fewer rules, is not taken; replace the file by renaming a new one over it all the same.

Where the settings name no file, the policy that was put in force last on the page counts, or else the shipped one: a
policy has one owner at a time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from pydantic import JsonValue

from audit.hearing import append_heard
from audit.ledger import Event, Ledger, Record
from ink_core.clock import Clock
from manager.gate.policy.policy import Policy
from manager.gate.policy_file import PolicyInvalid, default_text, load_policy, parse_policy, read_text
from manager.gate.policy_versions import PolicyVersion, policy_versions

log = structlog.get_logger()

CHAIN = "policy"
PAGE = "page of administrators"
Stamp = tuple[int, int, int] | None
"""Inode, size and time of change (ns); None for a file that is not there."""


@dataclass(frozen=True)
class PolicyStatus:
    """`problem` says why the file as it is now is not in force."""

    version: str
    source: str
    rules: int
    since: datetime
    problem: str | None


class LivePolicy:
    """`trying` is held while another policy is tried: that takes one of everybody's threads, for minutes.

    `last` is the number of the last event of its chain that it knows of.
    """

    def __init__(self, file: Path | None, ledger: Ledger, clock: Clock) -> None:
        """Raises `PolicyInvalid`: nothing starts with a broken policy."""
        self._file, self._ledger, self._clock = file, ledger, clock
        self._read = self._noticed = _stamp(file)
        self._policy = load_policy(file)
        self._since = clock.now()
        self._problem: str | None = None
        self._page: PolicyVersion | None = None
        self.last = 0
        self.trying = asyncio.Lock()

    def current(self) -> Policy:
        return self._policy

    def status(self) -> PolicyStatus:
        return PolicyStatus(self._policy.version, self._source, len(self._policy.rules), self._since, self._problem)

    async def begin(self) -> None:
        """Take the policy of the page, where it owns it, and record what is in force, where that is not recorded last.

        Raises `PolicyInvalid` where the page's policy is none any more.
        """
        versions = await self.keep_up()
        if not versions or versions[-1].version != self._policy.version:
            await self._record(self._loaded(self._policy))

    async def keep_up(self) -> list[PolicyVersion]:
        """Take the policy of the page that is recorded last, where the page owns it; all that were in force."""
        events = await self._ledger.read(CHAIN)
        versions = policy_versions(events)
        here = [version for version in versions if version.written_here]
        if self._file is None and here:
            self._policy, self._page = _kept(here[-1]), here[-1]
        self.last = events[-1].seq if events else 0
        return versions

    async def versions(self) -> list[PolicyVersion]:
        """All that were in force, in the order of time. Raises `LedgerUnavailable`."""
        return policy_versions(await self._ledger.read(CHAIN))

    def text(self) -> str:
        """The policy in force as it is written. Raises `PolicyInvalid` for a file that cannot be read."""
        if self._file:
            return read_text(self._file)
        return self._page.text if self._page else default_text()

    @property
    def owned_by_file(self) -> bool:
        return self._file is not None

    async def put(self, text: str, policy: Policy, said: Mapping[str, JsonValue]) -> None:
        """Record it with what is said of it, then let it count. Raises `LedgerUnavailable`."""
        record = self._loaded(policy)
        event = await self._record(Record(record.kind, {**record.body, **said, "source": PAGE, "yaml": text}))
        (self._page,) = policy_versions([event])
        self._policy, self._since = policy, self._clock.now()
        log.info("policy_loaded", source=self._source, version=policy.version, rules=len(policy.rules))

    async def refresh(self) -> None:
        """Look at the file. Raises `LedgerUnavailable` where a change cannot be recorded; it is tried again then."""
        stamp = await asyncio.to_thread(_stamp, self._file)
        settled, self._noticed = stamp == self._noticed, stamp
        if stamp == self._read or not settled:
            return
        try:
            policy = await asyncio.to_thread(load_policy, self._file)
        except PolicyInvalid as error:
            await self._refuse(str(error))
        else:
            await self._take(policy)
        self._read = stamp

    async def _take(self, policy: Policy) -> None:
        if policy.version != self._policy.version:
            await self._record(self._loaded(policy))
            self._policy, self._since = policy, self._clock.now()
            log.info("policy_loaded", source=self._source, version=policy.version, rules=len(policy.rules))
        self._problem = None

    async def _refuse(self, problem: str) -> None:
        in_force = self._policy.version
        log.error("policy_refused", source=self._source, in_force=in_force, problem=problem)
        body: dict[str, JsonValue] = {"source": self._source, "in_force": in_force, "problem": problem}
        self._problem = problem
        await self._record(Record("policy.refused", body))

    async def _record(self, record: Record) -> Event:
        event = await append_heard(self._ledger, CHAIN, record, lambda: self.last, self.keep_up)
        self.last = max(self.last, event.seq)
        return event

    def _loaded(self, policy: Policy) -> Record:
        return Record("policy.loaded", {"source": self._source, "version": policy.version, "policy": policy.content()})

    @property
    def _source(self) -> str:
        if self._file:
            return str(self._file)
        return PAGE if self._page else "default policy"


def _kept(version: PolicyVersion) -> Policy:
    try:
        return parse_policy(version.text, "the policy of the page")
    except PolicyInvalid as error:
        more = "; write one that is valid into a file and name it in the setting policy.file"
        raise PolicyInvalid(f"{error}{more}", error.problems) from error


def _stamp(file: Path | None) -> Stamp:
    if file is None:
        return None
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
