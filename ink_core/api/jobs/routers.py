"""All native routers of jobs and clusters, for the application to include. A fixed path comes before one with names."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter

from ink_core.api.jobs import actions, clusters, dags, events, history, listing, nodes, output, submission

ROUTERS: Sequence[APIRouter] = tuple(
    module.router for module in (events, history, submission, actions, output, listing, clusters, nodes, dags)
)
