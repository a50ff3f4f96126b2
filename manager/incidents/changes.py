"""What was changed on a cluster, by agents or by anybody: proposed calls with what became of them, from the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from audit.attempts import Attempt, attempts
from audit.ledger import Event, Ledger, Placed, Where
from manager.gate.policy.facts import Origin
from mcp_tools.spec import Risk

PAGE = 20
"""Calls that are in memory at one moment: of one that writes a file these are megabytes."""
MOST_LOOKED_AT = 5_000
MOST_EVENTS_OF_A_CALL = 100


@dataclass(frozen=True)
class Asked:
    """`user`: calls on behalf of this one only. `by_hand`: those of people and their programs too."""

    cluster: str
    since: datetime
    user: str | None
    by_hand: bool
    limit: int


@dataclass(frozen=True)
class ClusterChange:
    """`targets` counts what is touched; `rule` is what decided, `attempt` how it went on."""

    attempt: Attempt
    risk: str
    origin: Origin
    rule: str
    targets: int


async def cluster_changes(ledger: Ledger, asked: Asked) -> tuple[Sequence[ClusterChange], bool]:
    """The latest first, and whether all since then were looked at. Raises `LedgerUnavailable`."""
    found, before, looked_at = list[ClusterChange](), None, 0
    where = Where(kind="call.proposed", principal=asked.user or "", since=asked.since)
    while looked_at < MOST_LOOKED_AT:
        page = await ledger.newest(where, before=before, limit=PAGE)
        for placed in page:
            if not _wanted(placed.event, asked):
                continue
            if len(found) == asked.limit:
                return found, False
            found.append(await _change(ledger, placed))
        if len(page) < PAGE:
            return found, True
        before, looked_at = page[-1].position, looked_at + len(page)
    return found, False


def _wanted(event: Event, asked: Asked) -> bool:
    body = _body(event)
    arguments = body.get("final_arguments") or body["arguments"]
    return (
        body["risk"] not in (None, Risk.READ)  # of a tool that there is not nothing came
        and arguments.get("cluster") == asked.cluster
        and (asked.user is None or body["principal"] == asked.user)
        and (asked.by_hand or not Origin(body["origin"]).by_hand)
    )


async def _change(ledger: Ledger, proposed: Placed) -> ClusterChange:
    event, body = proposed.event, _body(proposed.event)
    decision: Mapping[str, Any] = body.get("decision") or {}
    where = Where(chain=event.chain, call_id=body["call_id"], first=proposed.position)
    placed = await ledger.newest(where, limit=MOST_EVENTS_OF_A_CALL)
    (attempt,) = attempts([event, *(each.event for each in reversed(placed))])  # the first may be beyond the limit
    targets = decision.get("facts", {}).get("target_count", 0)
    return ClusterChange(attempt, body["risk"], Origin(body["origin"]), decision.get("rule", ""), targets)


def _body(event: Event) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", event.body)
