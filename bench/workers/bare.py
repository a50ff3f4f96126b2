"""The yardstick: a server of the `websockets` library that welcomes whoever comes and holds the connection, no more."""

from __future__ import annotations

import asyncio
import sys

import uvloop
from websockets.asyncio.server import ServerConnection, serve

from worker_agent.protocol import Welcome

BACKLOG = 4096


async def _hold(socket: ServerConnection) -> None:
    await socket.recv()
    await socket.send(Welcome(epoch=1, resume_secret="bench", heartbeat_s=20).model_dump_json())
    async for _ in socket:
        pass


async def _serve(port: int) -> None:
    async with serve(_hold, "127.0.0.1", port, compression=None, backlog=BACKLOG):
        print("up", flush=True)
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
