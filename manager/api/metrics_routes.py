"""Prometheus metrics of the manager, for a scraper with an administrator's token."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from ink_core.api.security import requires
from ink_core.identity.principal import Principal, Scope
from manager.api.platform import Platform
from manager.gate.call import Phase


class ManagerCollector(Collector):
    """Read at the scrape, from what the manager holds in memory."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def collect(self) -> Iterator[Metric]:
        open_calls = self._platform.gate.book.open_calls()
        waiting = sum(1 for call in open_calls if call.phase is Phase.WAITING)
        yield GaugeMetricFamily("ink_open_calls", "Tool calls that have not ended", value=len(open_calls))
        yield GaugeMetricFamily("ink_waiting_approvals", "Tool calls that wait for approval", value=waiting)
        connected = self._platform.registry.connected()
        yield GaugeMetricFamily("ink_connected_workers", "Worker agents that are connected", value=connected)
        yield from self._knowledge()

    def _knowledge(self) -> Iterator[Metric]:
        status = self._platform.knowledge.status()
        yield GaugeMetricFamily("ink_knowledge_facts", "Facts in the global model", value=status.facts)
        yield GaugeMetricFamily("ink_knowledge_waiting", "Facts that wait to be taken in", value=status.waiting)
        yield GaugeMetricFamily("ink_knowledge_unsaved", "Changes of facts that are not on disk", value=status.unsaved)


def metrics_router(platform: Platform) -> APIRouter:
    registry = CollectorRegistry()
    registry.register(ManagerCollector(platform))
    ProcessCollector(registry=registry)
    router = APIRouter(tags=["service"])

    @router.get("/metrics")
    async def get_metrics(principal: Annotated[Principal, requires(Scope.ADMIN)]) -> Response:
        """In the text format of Prometheus."""
        return Response(generate_latest(registry), media_type="text/plain; version=0.0.4")

    return router
