"""Runs the engine over the batches that come into the store, and has its instructions carried out one by one.

What arrives is only noted in `hear`, which never waits; `work`, called again and again, does the rest. Batches that
come faster than they are worked on push out the oldest, and the log says how many rules have not seen.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from ink_core.errors import InkError
from joblens.records import Batch
from joblens.rules.engine import RuleEngine
from joblens.rules.events import Act, Instruction, LeftOut, StartCapture, Tick, Warn
from joblens.rules.measures import Measures
from joblens.rules.rule_set import RuleSet

MAX_WAITING = 2_000
LATE_S = 900.0
_log = logging.getLogger(__name__)


class Doer(Protocol):
    """Carries out what rules ask for. Each raises an `InkError` where it cannot be done."""

    async def capture(self, order: StartCapture) -> None: ...
    async def warn(self, warning: Warn) -> None: ...
    async def act(self, action: Act) -> None: ...


class RuleService:
    def __init__(self, rules: RuleSet, doer: Doer, now: Callable[[], float]) -> None:
        self._engine = RuleEngine(rules)
        self.in_force = rules
        self._measures = Measures()
        self._doer = doer
        self._now = now
        self._waiting: deque[Batch] = deque()
        self.missed = 0
        self._missed_told = 0

    def use(self, rules: RuleSet) -> None:
        """From the next measurement on. A rule that stays goes on where it was."""
        self.in_force = rules
        self._engine.use(rules)

    def hear(self, batches: Sequence[Batch]) -> None:
        """Batches that the store has just taken. Of those that come late nobody could have heeded a warning."""
        oldest = self._now() - LATE_S
        self._waiting.extend(batch for batch in batches if batch.time >= oldest)
        while len(self._waiting) > MAX_WAITING:
            self._waiting.popleft()
            self.missed += 1

    async def work(self) -> None:
        """All that is waiting, and the time that has passed."""
        batches = list(self._waiting)
        self._waiting.clear()
        if self.missed > self._missed_told:
            _log.warning("%d batches came faster than rules look at them", self.missed - self._missed_told)
            self._missed_told = self.missed
        for instruction in await asyncio.to_thread(self._handled, batches):
            await self._carry_out(instruction)

    def _handled(self, batches: list[Batch]) -> list[Instruction]:
        events = [event for batch in batches for event in self._measures.events(batch)]
        return [told for event in [*events, Tick(self._now())] for told in self._engine.handle(event)]

    async def _carry_out(self, told: Instruction) -> None:
        fired = told.fired
        if isinstance(told, LeftOut):
            _log.warning("rule %s on job %s: no %s, %s", fired.rule, fired.key.job, told.what, told.why)
            return
        if told.dry:
            _log.info("rule %s on job %s (dry run): %s", fired.rule, fired.key.job, type(told).__name__)
            return
        try:
            await self._done(told)
        except InkError as error:
            _log.warning("rule %s on job %s: %s", fired.rule, fired.key.job, error)

    async def _done(self, told: StartCapture | Warn | Act) -> None:
        if isinstance(told, StartCapture):
            await self._doer.capture(told)
        elif isinstance(told, Warn):
            await self._doer.warn(told)
        else:
            await self._doer.act(told)
