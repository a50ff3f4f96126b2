"""Captures over REST: begun and ended through the gate by whose job it is, and told to the collectors on nodes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from ink_core.api.area import Area
from ink_core.api.core import CoreParts
from ink_core.api.idempotency import IdempotencyKey
from ink_core.api.security import requires
from ink_core.identity.principal import Principal, Scope
from joblens.api.parts import Key, LensParts, Node, Reader
from joblens.captures.capture import MAX_INTERVAL_S, MAX_SECONDS, MIN_INTERVAL_S, Capture, Detail
from joblens.captures.order import written

router = Area(prefix="/api/v1/joblens", tags=["joblens"])
Manager = Annotated[Principal, requires(Scope.JOBS_MANAGE)]


class NewCapture(BaseModel):
    """For how long, how often, and what beside the job's own counters."""

    model_config = ConfigDict(extra="forbid")

    seconds: float = Field(default=300, gt=0, le=MAX_SECONDS)
    interval_s: float = Field(default=1, ge=MIN_INTERVAL_S, le=MAX_INTERVAL_S)
    details: tuple[Detail, ...] = Field(default=tuple(Detail), max_length=len(Detail))
    reason: str = Field(default="", max_length=500)


class CaptureView(BaseModel):
    """Times are seconds since the epoch; `ended` is when it was ended early, or null."""

    capture_id: str
    cluster: str
    job: str
    begun: float
    until: float
    interval_s: float
    details: Sequence[Detail]
    by: str
    reason: str
    ended: float | None

    @classmethod
    def of(cls, capture: Capture) -> CaptureView:
        return cls(
            capture_id=capture.id,
            cluster=capture.key.cluster,
            job=capture.key.job,
            begun=capture.begun,
            until=capture.until,
            interval_s=capture.interval_s,
            details=capture.details,
            by=capture.by,
            reason=capture.reason,
            ended=capture.ended,
        )


class CaptureOrder(BaseModel):
    """What a collector is to do; by the time that is left, since clocks of nodes differ."""

    capture_id: str
    cluster: str
    job: str
    seconds_left: float
    interval_s: float
    details: Sequence[Detail]
    by: str


@router.post("/jobs/{cluster}/{job}/captures", status_code=201)
async def begin_capture(
    principal: Manager, core: CoreParts, key: Key, new: NewCapture, request_key: IdempotencyKey = None
) -> CaptureView:
    """Sample a job of one's own more often for a while, with its processes and connections."""
    arguments: dict[str, JsonValue] = {"job_id": key.job, "cluster": key.cluster, **new.model_dump(mode="json")}
    made = await core.actions.call(principal, "capture_job", arguments, key=request_key)
    return CaptureView.model_validate(made)


@router.get("/jobs/{cluster}/{job}/captures")
async def list_captures(principal: Reader, lens: LensParts, key: Key) -> Sequence[CaptureView]:
    """Newest first, those that are over too."""
    return [CaptureView.of(capture) for capture in await lens.captures(principal, key)]


@router.delete("/captures/{capture_id}")
async def end_capture(
    principal: Manager, core: CoreParts, capture_id: str, request_key: IdempotencyKey = None
) -> CaptureView:
    """Before its time; what it recorded stays."""
    arguments: dict[str, JsonValue] = {"capture_id": capture_id}
    return CaptureView.model_validate(await core.actions.call(principal, "end_capture", arguments, key=request_key))


@router.get("/captures")
async def get_capture_orders(
    node: Node,
    core: CoreParts,
    lens: LensParts,
    host: Annotated[str, Query(max_length=255, description="The collector's own: of jobs that may be on it.")],
) -> Sequence[CaptureOrder]:
    """For collectors, which ask every few seconds: the captures that run and may concern their host."""
    (await lens.node_hosts.of(core.identity, node)).check(host)
    now = lens.now()
    return [CaptureOrder.model_validate(written(each, now)) for each in await lens.active_captures(host)]
