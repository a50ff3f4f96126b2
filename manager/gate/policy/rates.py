"""Counts calls that were let go, for the rates of the policy: per user or per conversation, over sliding windows.

Fed by folding the ledger, so a restart forgets nothing; a call that is let go is counted at once, before its intent is
durable, so that a burst cannot pass in between. Pure: time comes with the facts and events. Limits: a window moves in
sixtieths and counts a sixtieth until it is wholly over; of each rate the last `KEPT_KEYS` users or conversations are
kept; after a change of the policy new rates begin with the last `KEPT_SPENDS` calls.
"""

from __future__ import annotations

import heapq
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from itertools import count
from math import inf
from typing import Any, cast

from audit.ledger import Event
from manager.gate.policy.facts import CallFacts
from manager.gate.policy.policy import Policy
from manager.gate.policy.usage import Limit, Spend, spend_of

KEPT_SPENDS = 50_000
KEPT_KEYS = 10_000
KEPT_TAKEN = 10_000
SLOTS = 60


class Rates:
    """Implements `Usage`."""

    def __init__(self) -> None:
        self._spent: list[tuple[float, int, Spend]] = []
        self._order = count()
        self._policy: Policy | None = None
        self._windows: dict[Limit, _Windows] = {}
        self._proposed: dict[str, Spend] = {}
        self._taken: OrderedDict[str, None] = OrderedDict()

    def under(self, policy: Policy) -> Rates:
        """Itself, counting for the rates of this policy."""
        if policy is not self._policy:
            self._policy = policy
            self._windows = {limit: _Windows(limit) for limit in policy.limits}
            for at, _, spend in self._spent:
                self._count(at, spend)
        return self

    def wait_s(self, limit: Limit, facts: CallFacts) -> float:
        return self._windows[limit].wait_s(facts.time.timestamp(), spend_of(facts))

    def take(self, call_id: str, facts: CallFacts) -> None:
        """Count a call that is let go now, once; its intent, when it is folded, counts no more."""
        if call_id in self._taken:
            return
        self._taken[call_id] = None
        if len(self._taken) > KEPT_TAKEN:
            self._taken.popitem(last=False)
        self._spend(facts.time.timestamp(), spend_of(facts))

    def fold(self, events: Iterable[Event]) -> None:
        for event in events:
            if event.kind == "call.proposed":
                self._propose(cast("Mapping[str, Any]", event.body), event.chain)
            elif event.kind in ("call.intent", "call.refused"):
                self._end(str(event.body["call_id"]), event)

    def _propose(self, body: Mapping[str, Any], chain: str) -> None:
        if body.get("decision"):
            facts = body["decision"]["facts"]
            self._proposed[body["call_id"]] = Spend(
                body["tool"], body["principal"], chain, facts["target_count"], facts["jobs"], facts["cpu_hours"]
            )

    def _end(self, call_id: str, event: Event) -> None:
        """A call that was waiting is let go (it counts from now) or refused."""
        spend = self._proposed.pop(call_id, None)
        counted = call_id in self._taken
        self._taken.pop(call_id, None)
        if spend and event.kind == "call.intent" and not counted:
            self._spend(event.time.timestamp(), spend)

    def _spend(self, at: float, spend: Spend) -> None:
        entry = (at, next(self._order), spend)
        if len(self._spent) < KEPT_SPENDS:
            heapq.heappush(self._spent, entry)
        else:
            heapq.heappushpop(self._spent, entry)
        self._count(at, spend)

    def _count(self, at: float, spend: Spend) -> None:
        for limit, windows in self._windows.items():
            if limit.counts(spend.tool):
                windows.add(at, spend)


class _Windows:
    """One rate: for each user or conversation, amounts by sixtieth of the window."""

    def __init__(self, limit: Limit) -> None:
        self._rate = limit.rate
        self._width_s = limit.rate.per / SLOTS
        self._keys: OrderedDict[str, dict[int, float]] = OrderedDict()

    def add(self, at: float, spend: Spend) -> None:
        key = self._key(spend)
        slots = self._keys.setdefault(key, {})
        self._keys.move_to_end(key)
        slot = int(at / self._width_s)
        slots[slot] = slots.get(slot, 0.0) + spend.amount(self._rate.of)
        if len(slots) > SLOTS + 1:
            del slots[min(slots)]
        if len(self._keys) > KEPT_KEYS:
            self._keys.popitem(last=False)

    def wait_s(self, now: float, spend: Spend) -> float:
        """0 where there is room for it at `now`, else how long until there is; infinite where it is too much alone."""
        more = spend.amount(self._rate.of)
        if more > self._rate.over:
            return inf
        slots = self._keys.get(self._key(spend))
        if more == 0 or not slots:
            return 0.0
        oldest = now - self._rate.per
        ends = sorted((self._end_of(slot), held) for slot, held in slots.items() if self._end_of(slot) > oldest)
        total = sum(held for _, held in ends) + more
        wait = 0.0
        for end, held in ends:
            if total <= self._rate.over:
                break
            total -= held
            wait = end - oldest
        return wait

    def _end_of(self, slot: int) -> float:
        return (slot + 1) * self._width_s

    def _key(self, spend: Spend) -> str:
        return spend.user if self._rate.by == "user" else spend.session or ""
