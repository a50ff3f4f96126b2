"""Prometheus metrics of the manager, for a scraper with an administrator's token."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Response
from prometheus_client import generate_latest

from ink_core.api.health_routes import Check, states_of
from ink_core.api.security import requires
from ink_core.errors import NotFound
from ink_core.identity.principal import Principal, Scope
from joblens.records import Batch
from manager.api.platform import Platform
from manager.metrics.counts import Counts
from manager.metrics.held import Held


def metrics_router(platform: Platform, data_dir: Path, counts: Counts, checks: Mapping[str, Check]) -> APIRouter:
    """`checks` are those of readiness."""
    held = Held(platform, data_dir)
    counts.registry.register(held)
    if platform.lens:
        platform.lens.listeners.append(lambda batches: _count(counts, batches))
    router = APIRouter(tags=["service"])

    async def database() -> None:
        with suppress(NotFound):
            await platform.core.identity.user("nobody")

    @router.get("/metrics")
    async def get_metrics(principal: Annotated[Principal, requires(Scope.ADMIN)]) -> Response:
        """In the text format of Prometheus."""
        held.states = await states_of({**checks, "database": database})
        return Response(generate_latest(counts.registry), media_type="text/plain; version=0.0.4")

    return router


def _count(counts: Counts, batches: Sequence[Batch]) -> None:
    counts.batches.inc(len(batches))
    counts.newest_batch.set(time.time())
