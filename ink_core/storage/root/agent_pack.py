"""Capability pack of the access-point agent: what is in a ROOT file, told by a process of its own (see `summary`).

Options: `{"home": PATH}`, where the agent's paths begin.
"""

from __future__ import annotations

import asyncio
import json
import os
import stat
import sys
from collections.abc import Mapping
from contextlib import closing, suppress

from pydantic import JsonValue

from ink_core.storage.root.calls import SUMMARY, OfRootFile, RootSummary
from worker_agent.faults import fault, from_os_error
from worker_agent.protocol import Call, PackMethod
from worker_agent.sandbox import Sandbox

_PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "summary.py")
_SHARE_OF_DEADLINE = 0.8
_MOST_BYTES = 2 * 1024 * 1024
_SURROUNDINGS = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}
"""Numerical libraries would reserve memory for every core."""


def root_pack(options: Mapping[str, JsonValue]) -> Mapping[str, PackMethod]:
    """The pack's entry point: `ink_core.storage.root.agent_pack:root_pack`."""
    return RootPack(str(options["home"])).methods()


class RootPack:
    def __init__(self, home: str) -> None:
        self._home = home
        self._one_at_a_time = asyncio.Lock()

    def methods(self) -> Mapping[str, PackMethod]:
        return {SUMMARY: PackMethod(OfRootFile, RootSummary, self._summary, without_effect=True)}

    async def _summary(self, arguments: OfRootFile, call: Call) -> RootSummary:
        try:
            async with asyncio.timeout(call.deadline_s * _SHARE_OF_DEADLINE), self._one_at_a_time:
                said = await _said_by(await self._start(arguments.path))
        except TimeoutError as error:
            raise fault("too_slow", f"Reading {arguments.path} took too long; it was given up.") from error
        return _understood(said, arguments.path)

    async def _start(self, named: str) -> asyncio.subprocess.Process:
        try:
            with (
                closing(Sandbox(self._home)) as sandbox,
                sandbox.open(sandbox.relative(named), os.O_RDONLY | os.O_NONBLOCK) as descriptor,
            ):
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise fault("not_a_file", f"{named} is not a regular file.")
                return await asyncio.create_subprocess_exec(
                    *(sys.executable, "-I", _PROGRAM, str(descriptor)),
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.DEVNULL,
                    pass_fds=(descriptor,),
                    env=_SURROUNDINGS,
                )
        except OSError as error:
            raise from_os_error(error, named) from error


async def _said_by(process: asyncio.subprocess.Process) -> bytes:
    """At most so many bytes of what it writes; it is ended then, or when nobody waits any more."""
    assert process.stdout is not None
    said = bytearray()
    try:
        while len(said) <= _MOST_BYTES and (piece := await process.stdout.read(65536)):
            said += piece
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    return bytes(said)


def _understood(said: bytes, path: str) -> RootSummary:
    if not said or len(said) > _MOST_BYTES:
        raise fault("too_large", f"Reading {path} takes more memory or time than a preview may.")
    answer = json.loads(said)
    if answer.get("error") == "not_installed":
        raise fault("no_previews", "This site has no reader for ROOT files: the extra `previews` is not installed.")
    if "error" in answer:
        raise fault("unreadable", f"{path} cannot be read as a ROOT file ({answer['error']}).")
    return RootSummary.model_validate(answer)
