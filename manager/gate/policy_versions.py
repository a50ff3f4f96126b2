"""The policies that were in force, from the ledger's chain `policy`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import yaml

from audit.ledger import Event

LOADED = "policy.loaded"


@dataclass(frozen=True)
class PolicyVersion:
    """`seq` is its place in the chain. `by`, `reason` and `operation_id` are empty where a file brought it.

    `text` is as it was written on the page; of a file it is made from the content, over no shipped rules.
    """

    seq: int
    version: str
    source: str
    at: datetime
    rules: int
    text: str
    written_here: bool
    by: str = ""
    reason: str = ""
    operation_id: str = ""


def policy_versions(events: Iterable[Event]) -> list[PolicyVersion]:
    """In the order of time."""
    return [_version(event) for event in events if event.kind == LOADED]


def _version(event: Event) -> PolicyVersion:
    body = cast("Mapping[str, Any]", event.body)
    text = body.get("yaml")
    return PolicyVersion(
        seq=event.seq,
        version=body["version"],
        source=body["source"],
        at=event.time,
        rules=len(body["policy"]["rules"]),
        text=text or yaml.safe_dump(body["policy"], sort_keys=False, allow_unicode=True),
        written_here=text is not None,
        by=body.get("by", ""),
        reason=body.get("reason", ""),
        operation_id=body.get("operation_id", ""),
    )
