"""The seam to whoever starts access-point agents: the privileged spawner, or a child process under one's own user."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import threading
from pathlib import Path
from typing import IO, Any, Protocol, cast

from ink_core.errors import SpawnRefused, Unavailable
from worker_agent.protocol import AgentConfig

MAX_LOG_BYTES = 1024 * 1024
MAX_ANSWER_BYTES = 16 * 1024
PASSED_ON = ("PATH", "USER", "LOGNAME", "LANG", "TZ")


class Spawner(Protocol):
    async def spawn(self, user: str, config: AgentConfig) -> int:
        """Starts an access-point agent and returns its process id. Raises `SpawnRefused` or `Unavailable`."""
        ...


class SocketSpawner:
    """Asks the privileged spawner: the agent runs as the user."""

    def __init__(self, socket: Path, *, deadline_s: float = 10.0) -> None:
        self._socket = socket
        self._deadline_s = deadline_s

    async def spawn(self, user: str, config: AgentConfig) -> int:
        request = {"user": user, "config": config.model_dump(mode="json")}
        try:
            async with asyncio.timeout(self._deadline_s):
                answer = await self._ask(json.dumps(request).encode() + b"\n")
        except (OSError, TimeoutError) as error:
            reason = str(error) or "no answer in time"
            raise Unavailable(f"the spawner at {self._socket} does not answer ({reason}); is it running?") from None
        if not isinstance(answer.get("pid"), int):
            raise SpawnRefused(f"the spawner started no agent for {user}: {answer.get('refused')}")
        return answer["pid"]

    async def _ask(self, request: bytes) -> dict[str, Any]:
        reader, writer = await asyncio.open_unix_connection(self._socket, limit=MAX_ANSWER_BYTES)
        try:
            writer.write(request)
            answer: object = json.loads(await reader.readline())
        except ValueError:
            raise OSError("its answer makes no sense") from None
        finally:
            writer.close()
        return cast(dict[str, Any], answer) if isinstance(answer, dict) else {}


class DirectSpawner:
    """Starts the agent as a child under this process's own user, whoever it is for: the embedded default, one uid.

    The agent has a session of its own and outlives this process; of the environment it gets the plain parts only. Its
    home is its workspace, so shells and jobs of two portal users share neither history nor keys, nor the operator's.
    """

    def __init__(self, python: Path, log_directory: Path) -> None:
        self._python = python
        self._log_directory = log_directory

    async def spawn(self, user: str, config: AgentConfig) -> int:
        try:
            return await asyncio.to_thread(self._start, user, config)
        except OSError as error:
            raise Unavailable(f"the agent could not be started: {error}") from error

    def _start(self, user: str, config: AgentConfig) -> int:
        plain = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        with self._open_log(user) as log:
            process = subprocess.Popen(
                [self._python, "-I", "-m", "worker_agent", "--config", "-"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd="/",
                env={**plain, "HOME": config.workspace},
                start_new_session=True,
            )
        stdin = cast(IO[bytes], process.stdin)
        try:
            stdin.write(config.model_dump_json().encode())
            stdin.close()
        except BrokenPipeError:
            pass  # it died at once; its log says why, and it never connects
        threading.Thread(target=process.wait, name=f"reap-{process.pid}", daemon=True).start()
        return process.pid

    def _open_log(self, user: str) -> IO[bytes]:
        self._log_directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._log_directory / f"agent-{user}.log"
        grown = path.exists() and path.stat().st_size > MAX_LOG_BYTES
        return path.open("wb" if grown else "ab")
