"""The policy in force: read at the start, read again when its file changes, and recorded before it counts.

A broken or missing file leaves the old policy in force and says so in the log, the ledger and the health details. A
change is read once the file has stayed the same between two looks, so that half a file, which may be a valid policy
with fewer rules, is not taken; replace the file by renaming a new one over it all the same.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from pydantic import JsonValue

from audit.ledger import Ledger, Record
from ink_core.clock import Clock
from manager.gate.policy.policy import Policy
from manager.gate.policy_file import PolicyInvalid, load_policy

log = structlog.get_logger()

CHAIN = "policy"
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
    def __init__(self, file: Path | None, ledger: Ledger, clock: Clock) -> None:
        """Raises `PolicyInvalid`: nothing starts with a broken policy."""
        self._file, self._ledger, self._clock = file, ledger, clock
        self._read = self._noticed = _stamp(file)
        self._policy = load_policy(file)
        self._since = clock.now()
        self._problem: str | None = None

    def current(self) -> Policy:
        return self._policy

    def status(self) -> PolicyStatus:
        return PolicyStatus(self._policy.version, self._source, len(self._policy.rules), self._since, self._problem)

    async def begin(self) -> None:
        """Record the policy that the start found, where it is not the one recorded last."""
        loaded = [event for event in await self._ledger.read(CHAIN) if event.kind == "policy.loaded"]
        if not loaded or loaded[-1].body["version"] != self._policy.version:
            await self._ledger.append(CHAIN, self._loaded(self._policy))

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
            await self._ledger.append(CHAIN, self._loaded(policy))
            self._policy, self._since = policy, self._clock.now()
            log.info("policy_loaded", source=self._source, version=policy.version, rules=len(policy.rules))
        self._problem = None

    async def _refuse(self, problem: str) -> None:
        in_force = self._policy.version
        log.error("policy_refused", source=self._source, in_force=in_force, problem=problem)
        body: dict[str, JsonValue] = {"source": self._source, "in_force": in_force, "problem": problem}
        self._problem = problem
        await self._ledger.append(CHAIN, Record("policy.refused", body))

    def _loaded(self, policy: Policy) -> Record:
        return Record("policy.loaded", {"source": self._source, "version": policy.version, "policy": policy.content()})

    @property
    def _source(self) -> str:
        return str(self._file) if self._file else "default policy"


def _stamp(file: Path | None) -> Stamp:
    if file is None:
        return None
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
