"""An application that answers on a port of this machine, for clients that take no shortcut."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from manager.data_directory import write_address


@asynccontextmanager
async def on_a_port(app: FastAPI, data_dir: Path) -> AsyncGenerator[str]:
    """Its address, which the commands beside it find, too."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        write_address(data_dir, address)
        try:
            yield address
        finally:
            server.should_exit = True
            await serving
