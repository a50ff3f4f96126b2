"""Many workers in one process: each greets, keeps its connection alive, answers and comes back by the agent's own code.

Reads a `Crowd` as JSON from its input; prints, a JSON line each, how many are connected when that reaches all or leaves
it (`at_s` is the machine's monotonic clock), and ends with its input.

Limits: they share one process, so what a worker itself takes is not seen here (`bench/worker.py`), and no command is
run: its first argument is written to the file `effects` of the workspace, and its second is how many seconds it takes.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import uvloop

from worker_agent.agent import LONGEST_WAIT_S
from worker_agent.methods import Handler, method_table
from worker_agent.operations import Operations
from worker_agent.permits import PermitCheck
from worker_agent.protocol import METHODS, PROTOCOL_VERSION, Call, Hello, Ping, Place, Pong, ProcessEnded, ProcessRun
from worker_agent.server import Server
from worker_agent.uplink import Uplink
from worker_agent.witness import Witness

DIALLED_AT_ONCE = 64
"""Of those that begin: a cluster does not start all its jobs within one moment. Later each dials when it likes."""

EFFECTS = "effects"


@dataclass(frozen=True)
class Crowd:
    """`workers` are pairs of id and launch token."""

    url: str
    workers: Sequence[tuple[str, str]]
    workspace: str


class Attendance:
    """How many are connected; says so when all are, and when the first of all is not any more."""

    def __init__(self, expected: int, told: TextIO) -> None:
        self._expected = expected
        self._told = told
        self._connected = 0

    def changed(self, by: int) -> None:
        complete = self._connected == self._expected
        self._connected += by
        if complete or self._connected == self._expected:
            print(json.dumps({"connected": self._connected, "at_s": time.monotonic()}), file=self._told, flush=True)


class Member:
    """One worker: the agent's own uplink, operations and processes."""

    def __init__(self, crowd: Crowd, worker_id: str, secret: str, attendance: Attendance) -> None:
        self._worker_id = worker_id
        self._attendance = attendance
        self._operations = Operations()
        self._greeted = asyncio.Event()
        self._uplink = Uplink(
            crowd.url,
            secret,
            reconnect_for_s=900,
            longest_wait_s=LONGEST_WAIT_S[Place.EXECUTE],
            greet=self._greet,
            answer=self._server(Path(crowd.workspace)).answer,
            joined=self._joined,
            parted=lambda: attendance.changed(-1),
        )

    async def begin(self) -> asyncio.Task[Any]:
        """Returns once it was connected for the first time."""
        running = asyncio.ensure_future(self._uplink.run())
        await self._greeted.wait()
        return running

    def _server(self, workspace: Path) -> Server:
        async def run(arguments: ProcessRun, call: Call) -> ProcessEnded:
            name, seconds = arguments.argv
            with (workspace / EFFECTS).open("a") as effects:
                effects.write(f"{name}\n")
            await asyncio.sleep(float(seconds))
            return ProcessEnded(
                exit_code=0, timed_out=False, stdout="", stderr="", truncated=False, duration_s=float(seconds)
            )

        handlers: dict[str, Handler] = dict.fromkeys(METHODS, self._ping)
        handlers |= {"process.run": run, "witness.cosign": Witness(self._worker_id).cosign}
        return Server(method_table(handlers), self._operations, PermitCheck(self._worker_id, None, _no_digest))

    async def _ping(self, arguments: Ping, call: Call) -> Pong:
        return Pong(rss_bytes=0, uptime_s=0)

    def _joined(self, epoch: int) -> None:
        self._operations.epoch = epoch
        self._attendance.changed(1)
        self._greeted.set()

    def _greet(self, secret: str) -> Hello:
        return Hello(
            version=PROTOCOL_VERSION,
            worker_id=self._worker_id,
            secret=secret,
            place=Place.EXECUTE,
            user="bench",
            uid=os.getuid(),
            host=f"node-{self._worker_id[-4:]}",
            job_id=None,
            capabilities=("process",),
            unfinished=self._operations.running,
        )


async def _no_digest(path: str) -> str | None:
    return None


async def _come(crowd: Crowd) -> None:
    attendance = Attendance(len(crowd.workers), sys.stdout)
    room = asyncio.Semaphore(DIALLED_AT_ONCE)

    async def one(worker_id: str, secret: str) -> asyncio.Task[Any]:
        async with room:
            return await Member(crowd, worker_id, secret, attendance).begin()

    running = await asyncio.gather(*(one(*worker) for worker in crowd.workers))
    await asyncio.to_thread(sys.stdin.read)
    for each in running:
        each.cancel()


def main() -> None:
    uvloop.run(_come(Crowd(**json.loads(sys.stdin.readline()))))
    sys.stdout.flush()
    os._exit(0)  # there is nothing of thousands of connections that is worth an orderly end


if __name__ == "__main__":
    main()
