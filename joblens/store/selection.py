"""Which summaries a query of the job list means."""

from __future__ import annotations

from joblens.store.trace_store import JobQuery, JobSummary


def matches(summary: JobSummary, query: JobQuery) -> bool:
    return (
        query.cluster in (None, summary.key.cluster)
        and (query.users is None or any(info.user in query.users for info in summary.infos))
        and (query.hosts is None or any(info.host in query.hosts for info in summary.infos))
        and (query.states is None or summary.state in query.states)
        and (query.since is None or summary.last_seen >= query.since)
        and (query.until is None or summary.first_seen <= query.until)
        and has_text(summary, query.text)
    )


def has_text(summary: JobSummary, text: str) -> bool:
    wanted = text.lower()
    told = [summary.key.job, *(part for info in summary.infos for part in (info.name, info.user))]
    return not wanted or any(wanted in each.lower() for each in told)
