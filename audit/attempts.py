"""Attempts as an administrator looks for them: who tried what, when, on which jobs, who decided, how it ended. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from audit.ledger import Event

JOB_FIELDS = frozenset({"job_id", "job_ids", "jobs"})


@dataclass
class Attempt:
    """One tool call. `verdict`: approved, rejected or expired, where that was asked; `outcome`: open while it runs."""

    call_id: str
    chain: str
    tool: str
    user: str
    time: datetime
    verdict: str = ""
    decided_by: str = ""
    outcome: str = "open"
    detail: str = ""
    jobs: set[str] = field(default_factory=set[str])


@dataclass(frozen=True)
class Query:
    """What is looked for; an empty field does not matter. `verdict` is that of a human or an outcome."""

    user: str = ""
    tool: str = ""
    job: str = ""
    verdict: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def matches(self, attempt: Attempt) -> bool:
        return (
            self.user in ("", attempt.user)
            and self.tool in ("", attempt.tool)
            and (not self.job or self.job in attempt.jobs)
            and self.verdict in ("", attempt.verdict, attempt.outcome)
            and (self.since is None or attempt.time >= self.since)
            and (self.until is None or attempt.time < self.until)
        )


def attempts(events: Iterable[Event]) -> list[Attempt]:
    """All attempts of these events, the oldest first."""
    found: dict[str, Attempt] = {}
    for event in events:
        _take(found, event)
    return sorted(found.values(), key=lambda attempt: attempt.time)


def _take(found: dict[str, Attempt], event: Event) -> None:
    body = cast("Mapping[str, Any]", event.body)
    call_id = str(body.get("call_id"))
    if event.kind == "call.proposed":
        found[call_id] = Attempt(call_id, event.chain, str(body["tool"]), str(body["principal"]), event.time)
    attempt = found.get(call_id)
    if attempt is None:
        return
    attempt.jobs.update(_jobs(body))
    match event.kind:
        case "approval.decided":
            attempt.verdict, attempt.decided_by = str(body["verdict"]), str(body["by"])
        case "call.refused":
            attempt.outcome, attempt.detail = "refused", str(body["code"])
        case "call.outcome":
            attempt.outcome = str(body["status"])
            attempt.detail = str(body["error"]["code"]) if body.get("error") else ""
        case _:
            pass


def _jobs(value: object) -> Iterator[str]:
    """Ids of jobs in typed values, by the names that the tools give them."""
    if isinstance(value, Mapping):
        for name, content in cast("Mapping[str, object]", value).items():
            yield from _named(content) if name in JOB_FIELDS else _jobs(content)
    elif isinstance(value, list | tuple):
        for item in cast("list[object]", value):
            yield from _jobs(item)


def _named(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        items = cast("list[object]", value)
        yield from (item for item in items if isinstance(item, str))
        yield from _jobs([item for item in items if not isinstance(item, str)])
    else:
        yield from _jobs(value)
