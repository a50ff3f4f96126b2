"""The document over HTTP, for whoever is signed in: made at the first request, beside the running server."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import Annotated

import orjson
from fastapi import APIRouter, FastAPI, Request, Response

from ink_core.api.security import requires
from ink_core.identity.principal import Principal
from manager.api.openapi.document import document

router = APIRouter(prefix="/api/v1", include_in_schema=False)


@router.get("/openapi.json")
async def get_document(request: Request, principal: Annotated[Principal, requires()]) -> Response:
    """OpenAPI 3.1."""
    return Response(await asyncio.to_thread(_made, request.app), media_type="application/json")


@lru_cache(maxsize=1)
def _made(app: FastAPI) -> bytes:
    return orjson.dumps(document(app))
