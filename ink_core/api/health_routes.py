"""Is it alive, is it ready, which version: open to everybody and without a word about users."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from importlib.metadata import version

from fastapi import APIRouter, Response

from ink_core.api.security import PUBLIC

log = logging.getLogger(__name__)

Check = Callable[[], Awaitable[None]]
CHECK_DEADLINE_S = 2.0
OK = "ok"


def health_router(checks: Mapping[str, Check]) -> APIRouter:
    """The routes; each check of readiness returns or raises, and has `CHECK_DEADLINE_S`."""
    router = APIRouter(tags=["service"], dependencies=[PUBLIC])

    @router.get("/health")
    async def get_health() -> dict[str, str]:
        """The process answers; asks nothing else."""
        return {"status": OK}

    @router.get("/ready")
    async def get_readiness(response: Response) -> dict[str, str]:
        """What the service needs, part by part: `ok` or `down`; 503 when one is down."""
        states = await states_of(checks)
        response.status_code = 200 if all(state == OK for state in states.values()) else 503
        return states

    @router.get("/version")
    async def get_version() -> dict[str, str]:
        """Name and version of the running software."""
        return {"name": "ink-harness", "version": version("ink-harness")}

    return router


async def states_of(checks: Mapping[str, Check]) -> dict[str, str]:
    """Of each part, `OK` or `down`."""
    states = await asyncio.gather(*(_state(name, check) for name, check in checks.items()))
    return dict(zip(checks, states, strict=True))


async def _state(name: str, check: Check) -> str:
    try:
        async with asyncio.timeout(CHECK_DEADLINE_S):
            await check()
    except Exception:
        log.warning("not ready: %s", name, exc_info=True)
        return "down"
    return OK
