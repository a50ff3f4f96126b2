"""Runs the manager: binds, builds, starts, announces the address, and serves until told to stop."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from audit.ledger import LedgerUnavailable
from ink_core.api.headers import SecurityHeaders
from ink_core.api.one_by_one import OneByOne
from ink_core.api.request_rate import RequestRate
from ink_core.errors import CannotServe, Unavailable
from ink_core.settings import Settings
from ink_core.settings.secrets import forget_keys
from manager import garbage, open_files
from manager.api.app import create_app
from manager.api.worker_door import WorkerDoor
from manager.composition import build
from manager.data_directory import check_room, prepare, write_address
from manager.definitions import LOOK_S, Definitions
from manager.ledger import OpenLedger, open_ledger
from manager.mcp import mcp_endpoint
from manager.metrics.counts import Counts
from manager.metrics.loop_lag import watch_the_loop
from manager.metrics.measured_ledger import measured
from manager.metrics.served import Served
from manager.prompt_http import PromptHttp
from manager.running import Running
from manager.stand_by import bound_in_time, patient
from manager.unix_socket import bind_unix
from worker_agent.protocol import MAX_FRAME_BYTES

PAGE = Path(__file__).resolve().parent / "api" / "static"
VERSION = version("ink-harness")
KEEP_ALIVE_S = 75  # as nginx has it: longer than the pauses of collectors, which come every few seconds
GRACEFUL_S = 3
BACKLOG = 4096
"""Connections that wait to be accepted: all workers of a cluster dial at once when the manager comes back."""
SWITCH_S = 0.0002


def bind(settings: Settings) -> socket.socket:
    """The listening socket. Raises `CannotServe` when the port is taken or not allowed."""
    if settings.server.socket:
        return bind_unix(settings.server.socket)
    host, port = settings.server.host, settings.server.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio sets TCP_NODELAY only on sockets that name it: 44 ms an answer otherwise.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise CannotServe(_why_not(host, port, error)) from error
    return listening


async def serve(
    settings: Settings, announce: Callable[[Running], object], stand_by: Callable[[], object] | None = None
) -> None:
    """Serve until SIGINT or SIGTERM. `announce` is called once everything is up. Raises `CannotServe`.

    With `stand_by`, which is told while that lasts, it waits for the manager that is at work to end.
    """
    _check_user(settings)
    counts = Counts()
    opening = measured(open_ledger, counts)
    listening, running = await (
        _as_stand_by(settings, opening, stand_by) if stand_by else _as_the_only_one(settings, opening)
    )
    platform = running.platform
    mcp = mcp_endpoint(platform, VERSION, settings.public_url)
    definitions = Definitions(platform.ledger, platform.catalogue, platform.skills, mcp.watchers)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        async with mcp.running():
            await running.start()
            await definitions.look()
            running.repeat(LOOK_S, definitions.look)
            running.repeat(garbage.ALL_S, garbage.look_through_all)
            running.keep(asyncio.create_task(watch_the_loop(counts)))
            try:
                yield
            finally:
                await running.stop()

    app = create_app(
        platform,
        lifespan,
        mcp.app,
        public_url=settings.public_url,
        page=PAGE,
        data_dir=settings.data_dir,
        counts=counts,
    )

    def up() -> None:
        write_address(settings.data_dir, settings.public_url)
        announce(running)

    door = WorkerDoor(app, platform.registry)
    server = _AnnouncingServer(web_config(door, settings, counts), up, platform.sessions.end_streams)
    await server.serve(sockets=[listening])


def web_config(app: ASGIApp, settings: Settings, counts: Counts | None = None) -> uvicorn.Config:
    """How the application meets the network: whose word about addresses counts, and how much one client may send."""
    server = settings.server
    guarded = SecurityHeaders(RequestRate(OneByOne(app), server.requests_per_s, server.request_burst))
    return uvicorn.Config(
        Served(guarded, counts) if counts else guarded,
        log_level="warning",
        access_log=False,
        http=PromptHttp,
        ws="websockets-sansio",
        ws_max_size=MAX_FRAME_BYTES,
        ws_per_message_deflate=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=GRACEFUL_S,
        timeout_keep_alive=KEEP_ALIVE_S,
        forwarded_allow_ips="*" if server.socket else list(server.trusted_proxies),
        server_header=False,
    )


def _check_user(settings: Settings) -> None:
    """Of all services only the spawner needs root; the embedded default may be all that a container has."""
    if os.geteuid() == 0 and settings.spawner.kind == "socket":
        raise CannotServe(
            "the manager does not run as root where the spawner starts agents as their users: start it as a user of "
            "its own that may use the spawner's socket, for instance `runuser -u ink -- ink serve …`"
        )


async def _as_the_only_one(settings: Settings, opening: OpenLedger) -> tuple[socket.socket, Running]:
    listening = bind(settings)
    try:
        return listening, await _built(settings, opening)
    except BaseException:
        listening.close()
        raise


async def _as_stand_by(
    settings: Settings, opening: OpenLedger, told: Callable[[], object]
) -> tuple[socket.socket, Running]:
    """Listens to nobody before the ledger is its own: the one at work may have the same address."""
    running = await _built(settings, patient(opening, told))
    try:
        return await bound_in_time(lambda: bind(settings)), running
    except BaseException:
        await running.exits.aclose()
        raise


async def _built(settings: Settings, opening: OpenLedger) -> Running:
    prepare(settings.data_dir)
    check_room(settings.data_dir)
    try:
        running = await build(settings, open_ledger=opening)
    except (OSError, Unavailable, LedgerUnavailable) as error:
        raise CannotServe(f"the manager cannot start on the data directory {settings.data_dir}: {error}") from error
    forget_keys(settings.models, settings.sign_in.openid, settings.mcp.servers)
    return running


class _AnnouncingServer(uvicorn.Server):
    """Tells once when it accepts connections, and ends open streams before it waits for the others."""

    def __init__(
        self, config: uvicorn.Config, announce: Callable[[], object], end_streams: Callable[[], object]
    ) -> None:
        super().__init__(config)
        self._announce = announce
        self._end_streams = end_streams

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        open_files.allow_many()
        await super().startup(sockets)
        garbage.begin()
        _let_the_loop_in()
        if not self.should_exit:
            self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._end_streams()
        await super().shutdown(sockets)


def _let_the_loop_in() -> None:
    """A thread that computes, as a poll of a large queue does, keeps every request waiting for this long at a time."""
    sys.setswitchinterval(SWITCH_S)


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is in use; stop the other program or set INK_SERVER__PORT to a free port"
    if error.errno == errno.EACCES:
        return f"this user may not listen on port {port}; choose one above 1023 with INK_SERVER__PORT"
    return f"cannot listen on {host}:{port}: {error.strerror}; check server.host and server.port"
