"""`archive.pack` and `archive.unpack`: archives as files of the workspace, made and opened by processes apart.

What is made gets a hidden name beside its target and is renamed when it is whole, so that nobody sees half of it.

Limits: ended when the call's time is nearly over; the target must not exist.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress

from worker_agent.archives import Archives, why
from worker_agent.faults import fault, from_os_error
from worker_agent.files import entry_of, remove_tree
from worker_agent.made import noted
from worker_agent.names import to_wire
from worker_agent.protocol import ArchivePack, ArchiveUnpack, ArchiveUnpacked, Call, FileEntry
from worker_agent.renaming import rename_noreplace
from worker_agent.sandbox import Sandbox
from worker_agent.threads import Threads

_UNARCHIVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "unarchiver.py")
_SHARE_OF_DEADLINE = 0.8
_SAID = {
    "leads_out": "{path} in it would be put outside the directory",
    "encrypted": "{path} in it is encrypted",
    "too_large": "{path} is larger, deeper or has more entries than is unpacked here; use a job",
    "no_space": "there is no space left for {path}, or the quota is used up",
    "bad_archive": "{path} is no whole zip or tar archive, or cannot be read as one",
}


async def pack(archives: Archives, sandbox: Sandbox, threads: Threads, arguments: ArchivePack, call: Call) -> FileEntry:
    with _staged(sandbox, arguments.target) as (directory, name, staged):
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        target = os.open(staged, flags, 0o644, dir_fd=directory)
        try:
            process = await archives.start(arguments.paths, arguments.format, arguments.hidden, stdout=target)
            _, said = await _ended(process, call)
            await threads.run(os.fsync, target)
        finally:
            os.close(target)
        if process.returncode != 0:
            raise fault("archive_failed", f"The archive was not made: {why(said)}.")
        return _put_in_place(sandbox, arguments, directory, staged, name)


async def unpack(sandbox: Sandbox, arguments: ArchiveUnpack, call: Call) -> ArchiveUnpacked:
    path = sandbox.relative(arguments.path)
    with _staged(sandbox, arguments.target) as (directory, name, staged):
        os.mkdir(staged, 0o755, dir_fd=directory)
        process = await _start(sandbox, path, directory, staged)
        told, said = await _ended(process, call)
        if process.returncode != 0:
            raise fault("archive_failed", f"{arguments.path} was not unpacked: {_why(said, arguments.path)}.")
        entry = _put_in_place(sandbox, arguments, directory, staged, name)
        return ArchiveUnpacked(path=entry.path, **json.loads(told))


@contextmanager
def _staged(sandbox: Sandbox, named: str) -> Generator[tuple[int, str, str]]:
    """The directory of the target, its name there, and a hidden name for what is not whole yet."""
    try:
        with sandbox.entry(sandbox.relative(named)) as (directory, name):
            with suppress(FileNotFoundError):
                os.stat(name, dir_fd=directory, follow_symlinks=False)
                raise FileExistsError(17, "it exists", name)
            staged = f".ink-copy-{secrets.token_hex(8)}"
            try:
                yield directory, name, staged
            finally:
                _discard(directory, staged)
    except OSError as error:
        raise from_os_error(error, named) from error


def _discard(directory: int, staged: str) -> None:
    with suppress(FileNotFoundError):
        try:
            os.unlink(staged, dir_fd=directory)
        except (IsADirectoryError, PermissionError):
            remove_tree(directory, staged)


def _put_in_place(
    sandbox: Sandbox, arguments: ArchivePack | ArchiveUnpack, directory: int, staged: str, name: str
) -> FileEntry:
    path = sandbox.relative(arguments.target)
    with noted(sandbox, arguments.made_id, path, directory, staged):
        rename_noreplace(directory, staged, directory, name)
    return entry_of(path, os.stat(name, dir_fd=directory, follow_symlinks=False))


async def _start(sandbox: Sandbox, path: str, directory: int, staged: str) -> asyncio.subprocess.Process:
    top = os.open(staged, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=directory)
    try:
        with sandbox.open(path, os.O_RDONLY | os.O_NONBLOCK) as archive:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", _UNARCHIVER, str(archive), str(top)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                pass_fds=(archive, top),
            )
    except OSError as error:
        raise from_os_error(error, to_wire(path)) from error
    finally:
        os.close(top)


async def _ended(process: asyncio.subprocess.Process, call: Call) -> tuple[bytes, bytes]:
    """What it said on its standard output and error; a fault where it took too long."""
    try:
        async with asyncio.timeout(call.deadline_s * _SHARE_OF_DEADLINE):
            return await process.communicate()
    except TimeoutError:
        raise fault("too_slow", "This takes longer than a call may; do it with a command or a job.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _why(said: bytes, archive: str) -> str:
    try:
        failed = json.loads(said)
        path = archive if failed["path"] == "it" else to_wire(str(failed["path"]))
        return _SAID[failed["code"]].format(path=path)
    except (ValueError, KeyError, TypeError):
        return "the process that unpacked it ended"
