"""A job over time, its records, and two jobs side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, JsonValue

from ink_core.api.area import Area
from joblens.api.parts import Key, LensParts, Reader
from joblens.api.views import LensJobRow, spelled_out
from joblens.query.compare import compare
from joblens.query.series import job_series
from joblens.records import JobKey
from joblens.store.metrics import METRICS
from joblens.store.raw import COLLECTORS

router = Area(prefix="/api/v1/joblens", tags=["joblens"])
DEFAULT = ("cpu_percent", "rss_bytes", "read_rate", "write_rate", "net_rx_rate", "net_tx_rate")
MAX_POINTS = 2000
Moment = Annotated[float | None, Query(ge=0, description="Seconds since the epoch.")]


class LensPoint(BaseModel):
    """One bucket, by its beginning."""

    time: float
    min: float
    avg: float
    max: float
    samples: int


class LensSeries(BaseModel):
    """A gauge as it was, a counter as its rate a second. Buckets without a sample are left out."""

    metric: str
    unit: str
    points: Sequence[LensPoint]


class LensTimeSeries(BaseModel):
    start: float
    end: float
    series: Sequence[LensSeries]


class LensRecord(BaseModel):
    """One sample of one collector, in the units of the store: bytes, nanoseconds, cumulative."""

    host: str
    time: float
    collector: str
    data: dict[str, JsonValue]


class LensRecordPage(BaseModel):
    records: Sequence[LensRecord]
    next_cursor: str | None


class LensComparison(BaseModel):
    """`ratio` is second ÷ first; null where the first is 0."""

    figure: str
    unit: str
    first: float
    second: float
    ratio: float | None


class LensCompared(BaseModel):
    first: LensJobRow
    second: LensJobRow
    figures: Sequence[LensComparison]


@router.get("/jobs/{cluster}/{job}/series")
async def get_lens_series(
    principal: Reader,
    lens: LensParts,
    key: Key,
    name: Annotated[list[str] | None, Query(alias="metric", max_length=len(METRICS))] = None,
    start: Moment = None,
    end: Moment = None,
    points: Annotated[int, Query(ge=1, le=MAX_POINTS)] = 300,
    host: Annotated[str | None, Query(max_length=255)] = None,
) -> LensTimeSeries:
    """Some figures over a window, without one over all of the job."""
    found = await job_series(lens, principal, key, name or DEFAULT, start=start, end=end, points=points, host=host)
    series = [
        LensSeries(
            metric=each,
            unit=unit,
            points=[LensPoint(**point._asdict()) for point in found.points[each] if point.samples],
        )
        for each, unit in found.units.items()
    ]
    return LensTimeSeries(start=found.start, end=found.end, series=series)


@router.get("/jobs/{cluster}/{job}/records")
async def list_lens_records(
    principal: Reader,
    lens: LensParts,
    key: Key,
    collector: Annotated[list[str] | None, Query(max_length=len(COLLECTORS))] = None,
    start: Moment = None,
    end: Moment = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 1000,
) -> LensRecordPage:
    """What was sampled, oldest first; the cursor visits each once."""
    summary = await lens.summary(principal, key)
    page = await lens.store.ask(
        lambda store: store.raw(
            key,
            start=start or 0.0,
            end=summary.last_seen + 1 if end is None else end,
            collectors=collector or (),
            limit=limit,
            cursor=cursor,
        )
    )
    records = [
        LensRecord(host=row.host, time=row.time, collector=row.collector, data=spelled_out(row.data))
        for row in page.rows
    ]
    return LensRecordPage(records=records, next_cursor=page.next_cursor)


@router.get("/compare")
async def compare_lens_jobs(
    principal: Reader,
    lens: LensParts,
    cluster: Annotated[str, Query(max_length=64)],
    job: Annotated[str, Query(max_length=255)],
    other: Annotated[str, Query(max_length=255, description="The second job.")],
    other_cluster: Annotated[str | None, Query(max_length=64, description="Without it the same cluster.")] = None,
) -> LensCompared:
    """Two jobs that the caller may see, figure by figure."""
    first = await lens.summary(principal, JobKey(cluster, job))
    second = await lens.summary(principal, JobKey(other_cluster or cluster, other))
    figures = [LensComparison(**row._asdict()) for row in compare(first, second)]
    return LensCompared(first=LensJobRow.of(first), second=LensJobRow.of(second), figures=figures)
