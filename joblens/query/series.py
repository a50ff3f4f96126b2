"""Figures of a job over time, for routes and tools alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ink_core.errors import BadInput
from ink_core.identity.principal import Principal
from joblens.query.lens import Lens
from joblens.records import JobKey
from joblens.store.metrics import metric
from joblens.store.trace_store import Point


@dataclass(frozen=True)
class JobSeries:
    """`points` and `units` by metric, in the order in which they were asked for; buckets may be without a sample."""

    start: float
    end: float
    units: Mapping[str, str]
    points: Mapping[str, Sequence[Point]]


async def job_series(
    lens: Lens,
    principal: Principal,
    key: JobKey,
    metrics: Iterable[str],
    *,
    start: float | None,
    end: float | None,
    points: int,
    host: str | None = None,
) -> JobSeries:
    """Over a window, or all of the job where it is open. Raises as `Lens.summary`, and `BadInput`."""
    units = {name: metric(name).unit for name in metrics}
    summary = await lens.summary(principal, key)
    begin = summary.first_seen if start is None else start
    finish = max(summary.last_seen, summary.first_seen + 1) if end is None else end
    if begin >= finish:
        raise BadInput("start must be before end")
    found = await lens.store.ask(
        lambda store: store.timeseries(key, list(units), start=begin, end=finish, points=points, host=host)
    )
    return JobSeries(begin, finish, units, found)
