"""`/data/*`: what clients of the public JobLens ask its query service, in the same words, for who may see the job."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from ink_core.api.core import CoreParts
from ink_core.identity.principal import Principal
from joblens.api.parts import LensParts, Reader
from joblens.api.public.clusters import Place, one_place, places_of
from joblens.api.public.envelope import Asked, Enveloped, LensRoute, WithMeta, answer
from joblens.api.public.fields import collectors_of
from joblens.api.public.models import CheckData, RawData, SeriesData, SummaryData
from joblens.api.public.pages import RawQuery, raw_page
from joblens.api.public.series import series_query, told_series
from joblens.api.public.times import Window, span_of, text_of, window_of
from joblens.api.public.views import check_view, indices_of, summary_view
from joblens.errors import JobNotRecorded
from joblens.query.lens import Lens, unknown
from joblens.records import JobKey
from joblens.store.trace_store import JobSummary

router = APIRouter(prefix="/data", tags=["joblens-data"], route_class=LensRoute)
Words = Annotated[str, Query(max_length=1000)]
Cluster = Annotated[str, Query(max_length=1000, description="A name, several with commas, or *; name:schedd for one.")]
JobId = Annotated[str, Query(min_length=1, max_length=255, description="As its scheduler says it: 172.0 or 67890.")]
From = Annotated[str | None, Query(alias="from", max_length=64, description="RFC 3339, a date, now-1h or 1h.")]
To = Annotated[str, Query(alias="to", max_length=64)]


@router.get("/raw", response_model=WithMeta[RawData])
async def get_raw(
    principal: Reader,
    core: CoreParts,
    lens: LensParts,
    cluster: Cluster,
    job: JobId,
    start: From = None,
    end: To = "now",
    collector: Words = "",
    fields: Words = "",
    size: Annotated[int, Query(ge=1, le=10_000)] = 100,
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
    flatten: bool | None = None,
    full_range: bool = False,
) -> Response:
    """Records as they were sampled, oldest first; the cursor visits each once."""
    asked = Asked.now()
    window = None if full_range else window_of(start, end, lens.now())
    wanted = [word.strip() for word in fields.split(",") if word.strip()]
    query = RawQuery(collectors_of(collector), wanted, flatten, size, window)
    jobs = await _found(lens, principal, places_of(cluster, core.queues.clusters()), job)
    page = await lens.store.ask(lambda store: raw_page(store, jobs, query, cursor or None))
    indices = indices_of(query.collectors, (record["time"] for record in page.records))
    pagination = {
        "has_more": page.next_cursor is not None,
        "next_cursor": page.next_cursor or "",
        "returned": len(page.records),
        "total": page.total,
    }
    data = {"records": page.records, "pagination": pagination, "indices_resolved": indices}
    return answer(data, asked.meta([found.key.cluster for found in jobs], indices))


@router.get("/timeseries", response_model=WithMeta[SeriesData])
async def get_timeseries(
    principal: Reader,
    lens: LensParts,
    cluster: Cluster,
    job: JobId,
    metric: Words,
    interval: Annotated[str, Query(max_length=20, description="10s, 1m, 5m or 1h.")],
    start: From = None,
    end: To = "now",
    agg: str = "avg",
    by: str = "",
    full_range: bool = False,
) -> Response:
    """Buckets of an interval; those without a sample are left out."""
    asked = Asked.now()
    place, step = one_place(cluster), span_of(interval)
    asked_window = None if full_range else window_of(start, end, lens.now())
    found = (await _found(lens, principal, [place], job))[0]
    window = asked_window or Window(found.first_seen, found.last_seen + step)
    query = series_query(metric, step, window, agg, by)
    records, stats = await lens.store.ask(lambda store: told_series(store, found, query))
    data: dict[str, Any] = {
        "metrics": query.metrics,
        "interval": interval,
        "timerange": {"from": text_of(window.start), "to": text_of(window.end)},
        "records": records,
        "stats": stats,
    }
    return answer(data, asked.meta([place.cluster]))


@router.get("/summary", response_model=WithMeta[SummaryData])
async def get_summary(
    principal: Reader, lens: LensParts, cluster: Cluster, job: JobId, collectors: Words = ""
) -> Response:
    """What a job used in all."""
    asked = Asked.now()
    collectors_of(collectors)
    place = one_place(cluster)
    found = (await _found(lens, principal, [place], job))[0]
    return answer(summary_view(found), asked.meta([place.cluster]))


@router.get("/check-job", response_model=Enveloped[CheckData])
async def check_job(
    principal: Reader,
    lens: LensParts,
    cluster_name: Annotated[str, Query(max_length=64)],
    job_id: JobId,
    cluster_tag: Annotated[str, Query(max_length=255)] = "",
) -> Response:
    """Whether there are records of a job that the caller may see."""
    try:
        found = (await _found(lens, principal, [Place(cluster_name, cluster_tag)], job_id))[0]
    except JobNotRecorded:
        return answer(check_view(cluster_name, job_id, None))
    return answer(check_view(cluster_name, job_id, found))


async def _found(lens: Lens, principal: Principal, places: Sequence[Place], job: str) -> Sequence[JobSummary]:
    """The job on each of these clusters that has a record of it. Raises why there is none on any."""
    found: list[JobSummary] = []
    why: JobNotRecorded | None = None
    for place in places:
        try:
            summary = await lens.summary(principal, JobKey(place.cluster, job))
        except JobNotRecorded as error:
            why = why or error
            continue
        if not place.tag or place.tag in {info.schedd for info in summary.infos}:
            found.append(summary)
    if not found:
        raise why or unknown(JobKey(places[0].cluster if places else "", job))
    return found
