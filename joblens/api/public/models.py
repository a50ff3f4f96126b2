"""Shapes of the answers of `/data`, for the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, JsonValue


class Pagination(BaseModel):
    """`total` is null where counting would cost too much."""

    has_more: bool
    next_cursor: str
    returned: int
    total: int | None


class RawData(BaseModel):
    """A record has `cluster, collector, time, host, job`, shortcuts, and `fields` or `data` or both."""

    records: Sequence[dict[str, JsonValue]]
    pagination: Pagination
    indices_resolved: Sequence[str]


class SeriesRecord(BaseModel):
    """`label` is the host or the collector where `by` asks for it."""

    metric: str
    label: str
    timestamp: str
    value: float


class SeriesData(BaseModel):
    metrics: Sequence[str]
    interval: str
    timerange: Mapping[str, str]
    records: Sequence[SeriesRecord]
    stats: Mapping[str, Mapping[str, float | None]]


class SeenTimes(BaseModel):
    first_seen: str
    last_seen: str
    duration_sec: int


class SeenScope(BaseModel):
    hosts: Sequence[str]
    collectors: Sequence[str]
    samples_count: int


class SummaryData(BaseModel):
    """`stats` by alias: `cpu{avg,max,p99}`, `mem{max_kb,avg_kb}`, `io{total_bytes}`."""

    job: str
    cluster: str
    time: SeenTimes
    scope: SeenScope
    stats: Mapping[str, Mapping[str, float]]


class CheckData(BaseModel):
    """`time` is there where records are."""

    exists: bool
    count: int
    job_id: str
    cluster: str
    time: SeenTimes | None = None


class SchemaData(BaseModel):
    clusters: Sequence[dict[str, JsonValue]]
    collectors: Sequence[dict[str, JsonValue]]
    common_aliases: Mapping[str, str]


class SkillData(BaseModel):
    """`content` is Markdown."""

    name: str
    description: str
    content: str


class HealthData(BaseModel):
    status: str
    time: str


class ReadyData(BaseModel):
    """`clusters` by name; the store is one for all of them."""

    clusters: Mapping[str, str]
    version: str
