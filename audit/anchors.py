"""Places outside the manager that a checkpoint is told to, so that history cannot be rebuilt unseen.

An anchor gets one line (`Checkpoint.anchor_line`). It is worth as much as its place is out of reach of whoever holds
the signing key: another machine's disk, a mail box, a log service. The job ads of worker agents are one more place.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from ink_core.errors import Unavailable

COMMAND_S = 30.0


class AnchorFailed(Unavailable):
    """The outside place did not take the checkpoint; it gets the next one."""

    code = "anchor_failed"


class Anchor(Protocol):
    @property
    def name(self) -> str: ...

    async def publish(self, line: str) -> None:
        """Raises `AnchorFailed` or `OSError`."""
        ...


class MemoryAnchor:
    """The shipped double."""

    name = "memory"

    def __init__(self) -> None:
        self.lines: list[str] = []

    async def publish(self, line: str) -> None:
        self.lines.append(line)


class FileAnchor:
    """Appends to a file, flushed to the disk; best on a file system that only lets it append."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.name = f"file {file}"

    async def publish(self, line: str) -> None:
        await asyncio.to_thread(self._append, f"{line}\n".encode())

    def _append(self, line: bytes) -> None:
        descriptor = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(descriptor, line)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


class CommandAnchor:
    """Runs a command of the site (argv, no shell) with the line on its standard input."""

    def __init__(self, argv: Sequence[str], deadline_s: float = COMMAND_S) -> None:
        self._argv = tuple(argv)
        self._deadline_s = deadline_s
        self.name = f"command {argv[0]}"

    async def publish(self, line: str) -> None:
        quiet = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(
            *self._argv, stdin=asyncio.subprocess.PIPE, stdout=quiet, stderr=quiet
        )
        try:
            async with asyncio.timeout(self._deadline_s):
                await process.communicate(f"{line}\n".encode())
        except TimeoutError:
            process.kill()
            await process.wait()
            raise AnchorFailed(f"{self._argv[0]} took longer than {self._deadline_s:.0f} s") from None
        if process.returncode != 0:
            raise AnchorFailed(f"{self._argv[0]} ended with {process.returncode}")
