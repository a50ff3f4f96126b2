"""What it all came to: the folded state and the world, without ids and times, so that two runs can be compared."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from audit.chains import session_chain
from audit.ledger import Event
from bench.crash.flows import User
from manager.agent import loop

_IDS = (
    (re.compile(r"\bop-[0-9a-f]{16,}"), "op"),
    (re.compile(r"\ba-[0-9a-f]{16}\b"), "approval"),
    (re.compile(r"\bg-[0-9a-f]{16}\b"), "grant"),
    (re.compile(r"\bw-[0-9a-f]{20}\b"), "worker"),
    (re.compile(r"\bs[0-9a-f]{16}\b"), "session"),
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)"), "time"),
    (re.compile(r'"\d+([._]\d+)?"'), '"job"'),
    (re.compile(r'"state": "(submitting|queued|starting|ready)"'), '"state": "under way"'),
    (re.compile(r"/[^\s\"']*?/home/alice"), "/home/alice"),
)
_TIMES = frozenset({"duration_s", "modified", "observed_at", "pid", "proposed_at", "intended_at", "ended_at", "at",
                    "requested_at", "expires_at", "operation_id", "digest", "signature", "node"})  # fmt: skip


async def outcome(user: User) -> dict[str, Any]:
    platform = user.platform
    state = loop.begin(user.session_id)
    for event in await platform.ledger.read(session_chain(user.session_id)):
        state, _ = loop.handle(state, event.kind, event.body)
    calls = [asdict(platform.gate.book.get(call_id)) for call_id in _call_ids(state)]
    return normal(
        {
            "conversation": [asdict(entry) for entry in state.entries],
            "left": [asdict(entry) for entry in state.left],
            "summaries": sorted(state.summaries),
            "running": state.running,
            "calls": calls,
            "open": len(platform.gate.book.open_calls()),
            "effects": user.world.effects(),
            "jobs": await user.jobs(),
            "files": sorted(
                (path.name, path.read_text())
                for path in user.world.home.iterdir()
                if path.is_file() and not re.search(r"\.(out|err)\.", path.name)
            ),
            "gone": sorted(agent.state == "gone" for agent in platform.launcher.list("alice")),
        }
    )


def _call_ids(state: Any) -> list[str]:
    return sorted(call.call_id for entry in (*state.left, *state.entries) for call in getattr(entry, "calls", ()))


def normal(value: Any) -> Any:
    """JSON without what may differ between two runs of the same."""
    text = json.dumps(_without_times(value), default=str, sort_keys=True)
    for pattern, name in _IDS:
        text = pattern.sub(name, text)
    return json.loads(text)


def _without_times(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _without_times(inner) for key, inner in value.items() if key not in _TIMES}
    if isinstance(value, (list, tuple)):
        return [_without_times(inner) for inner in value]
    return value


def digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def repeated(events: Iterable[Event]) -> int:
    """Intents beyond the first of one call."""
    intents = Counter(str(event.body["call_id"]) for event in events if event.kind == "call.intent")
    return sum(count - 1 for count in intents.values())


def revived(events: Iterable[Event]) -> int:
    """Approvals that were decided more than once, and calls that were intended after their end."""
    decided: Counter[str] = Counter()
    ended: set[str] = set()
    late = 0
    for event in events:
        if event.kind == "approval.decided":
            decided[str(event.body["approval_id"])] += 1
        elif event.kind in ("call.refused", "call.outcome"):
            ended.add(str(event.body["call_id"]))
        elif event.kind == "call.intent" and event.body["call_id"] in ended:
            late += 1
    return late + sum(count - 1 for count in decided.values())
