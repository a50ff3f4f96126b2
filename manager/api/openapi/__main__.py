"""Prints the document: `python -m manager.api.openapi`. Builds the application over an empty data directory."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from ink_core.settings import load_settings
from manager.api.app import create_app
from manager.api.openapi.document import document
from manager.composition import build
from manager.data_directory import prepare


@asynccontextmanager
async def _never(_: FastAPI) -> AsyncGenerator[None]:
    yield


async def _never_asked(*_: object) -> None:
    """In place of the MCP endpoint, which is no part of the document."""


async def text() -> str:
    """The document as it is kept in `docs/reference/openapi.json`."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        prepare(data)
        running = await build(load_settings(environment={"INK_DATA_DIR": str(data)}))
        try:
            app = create_app(
                running.platform, _never, _never_asked, public_url="https://ink.example", page=data, data_dir=data
            )
            return as_text(document(app))
        finally:
            await running.stop()


def as_text(made: dict[str, object]) -> str:
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(asyncio.run(text()))
