"""`make bench NAME=worker`: how fast a plain worker agent starts, and what it holds while it is connected and used.

Start: from the beginning of the process to its greeting at the manager's end. Memory: resident bytes after a listing, a
command and a terminal, and their high-water mark. The peer is a process that only imports the libraries which any agent
of this kind needs (asyncio, websockets, pydantic): what is above it is our own.
"""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Any

from websockets.asyncio.server import ServerConnection, serve

from bench.machine import machine
from worker_agent.protocol import AgentConfig, Place, Welcome

ROUNDS = 10
LIBRARIES = "import asyncio, sys, websockets.asyncio.client; from pydantic import BaseModel"
USES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("files.list", {}),
    ("process.run", {"argv": ["true"]}),
    ("terminal.open", {}),
)


def main() -> None:
    rounds = [asyncio.run(_round()) for _ in range(ROUNDS)]
    figures = {
        "bench": "worker",
        "start_p50_s": round(statistics.median(start for start, _ in rounds), 3),
        "start_max_s": round(max(start for start, _ in rounds), 3),
        "rss_max_mib": round(max(resident for _, resident in rounds), 1),
        "libraries_rss_mib": round(_libraries(), 1),
        "target": {"start_p50_s": 0.5, "rss_max_mib": 40},
        "machine": machine(),
    }
    print(json.dumps(figures))


async def _round() -> tuple[float, float]:
    """Seconds to the greeting, and MiB at most."""
    greeted: asyncio.Future[ServerConnection] = asyncio.get_running_loop().create_future()
    ended = asyncio.Event()

    async def handle(socket: ServerConnection) -> None:
        await socket.recv()
        greeted.set_result(socket)
        await ended.wait()

    async with serve(handle, "127.0.0.1", 0, compression=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        with tempfile.TemporaryDirectory(prefix="ink-bench-") as workspace:
            started = time.monotonic()
            worker = await _start(f"ws://127.0.0.1:{port}/", workspace)
            socket = await asyncio.wait_for(greeted, 30)
            start_s = time.monotonic() - started
            resident = await _use(socket, worker.pid)
            worker.terminate()
            await worker.wait()
            ended.set()
    return start_s, resident


async def _start(url: str, workspace: str) -> Process:
    config = AgentConfig(
        manager_url=url, worker_id="w-0123456789ab", secret="bench", place=Place.EXECUTE, workspace=workspace
    )
    argv = (sys.executable, "-I", "-m", "worker_agent", "--config", "-")
    worker = await asyncio.create_subprocess_exec(*argv, stdin=PIPE, stderr=asyncio.subprocess.DEVNULL)
    assert worker.stdin is not None
    worker.stdin.write(config.model_dump_json().encode())
    worker.stdin.close()
    return worker


async def _use(socket: ServerConnection, pid: int) -> float:
    await socket.send(Welcome(epoch=1, resume_secret="bench", heartbeat_s=20).model_dump_json())
    for number, (method, arguments) in enumerate(USES):
        call = {"operation_id": f"op-{secrets.token_hex(8)}", "epoch": 1, "deadline_s": 10}
        params = {"call": call, "arguments": arguments}
        await socket.send(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}))
        answer = json.loads(await socket.recv())
        assert "error" not in answer, answer
    return _most_resident_mib(pid)


def _most_resident_mib(pid: int) -> float:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found.group(1)) / 1024


def _libraries() -> float:
    program = f"{LIBRARIES}; print(flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-I", "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as peer:
        assert peer.stdin is not None and peer.stdout is not None
        peer.stdout.readline()
        return _most_resident_mib(peer.pid)


if __name__ == "__main__":
    main()
