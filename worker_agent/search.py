"""`files.search`: asks a search process (see `grep`) and ends it when the call's time is nearly over.

Limits: what was found until then is returned as truncated.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import suppress
from typing import Any

from worker_agent.faults import fault, from_os_error
from worker_agent.names import to_wire
from worker_agent.protocol import Call, FilesFound, FilesSearch, SearchMatch
from worker_agent.sandbox import Sandbox

_GREP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "grep.py")
_ANSWER_BYTES = 1024 * 1024
"""Of one match with the lines around it, as JSON."""
_LONGEST_S = 30.0
_SHARE_OF_DEADLINE = 0.8


class Search:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def run(self, arguments: FilesSearch, call: Call) -> FilesFound:
        path = self._sandbox.relative(arguments.path)
        share = min(_LONGEST_S, call.deadline_s * _SHARE_OF_DEADLINE)
        until = asyncio.get_running_loop().time() + share  # on a busy node the start takes its part of it
        process = await self._start(path, arguments.path)
        found: list[SearchMatch] = []
        truncated = True
        with suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                truncated = await self._converse(process, arguments, path, found)
        return FilesFound(matches=tuple(found), truncated=truncated)

    async def _start(self, path: str, named: str) -> asyncio.subprocess.Process:
        try:
            with self._sandbox.open(path, os.O_RDONLY | os.O_NONBLOCK) as descriptor:
                return await asyncio.create_subprocess_exec(
                    *(sys.executable, "-I", "-S", _GREP, str(descriptor)),
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.DEVNULL,
                    pass_fds=(descriptor,),
                    limit=_ANSWER_BYTES,
                )
        except OSError as error:
            raise from_os_error(error, named) from error

    async def _converse(
        self, process: asyncio.subprocess.Process, arguments: FilesSearch, path: str, found: list[SearchMatch]
    ) -> bool:
        """Fill `found`; whether there was more."""
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(arguments.model_dump_json(exclude={"path"}).encode())
            process.stdin.close()
            async for line in process.stdout:
                answer = json.loads(line)
                if "error" in answer:
                    raise fault("bad_arguments", f"The pattern is not a regular expression: {answer['error']}.")
                if "truncated" in answer:
                    return bool(answer["truncated"])
                found.append(_match(answer, path))
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        return True


def _match(answer: dict[str, Any], path: str) -> SearchMatch:
    found = os.path.normpath(os.path.join(path, answer.pop("path")))
    return SearchMatch(path=to_wire(found), **answer)
