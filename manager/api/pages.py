"""Serves the built page: one HTML with a fresh nonce for every path that is not ours, and its immutable assets."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from ink_core.api.headers import page
from ink_core.api.security import PUBLIC
from ink_core.api.static_files import static_file
from ink_core.errors import NotFound

ASSET_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable"}
MISSING = "<!doctype html><title>INK</title><p>The page is not built. Run <code>make run</code>, or use the REST API."


def pages_router(directory: Path) -> APIRouter:
    """Routes of the page built into `directory`."""
    router = APIRouter(dependencies=[PUBLIC], include_in_schema=False)
    index = directory / "index.html"

    @router.get("/assets/{name:path}")
    async def asset(name: str) -> Response:
        return static_file(directory / "assets", name, ASSET_HEADERS)

    @router.get("/{path:path}")
    async def any_page(path: str) -> Response:
        if "." in path.rsplit("/", 1)[-1]:
            return static_file(directory, path, {})
        if path.startswith(("api/", "agents/", "mcp")):
            raise NotFound(f"there is nothing at /{path}")
        return page(index.read_text()) if index.is_file() else HTMLResponse(MISSING, 503)

    return router
