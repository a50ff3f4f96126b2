"""The closed table of methods: every name in the protocol's `METHODS` with what does it, and the capability packs' own.

Limits: wiring only.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from pydantic import BaseModel

from worker_agent import (
    checksums,
    committing,
    copying,
    digests,
    disk,
    earlier,
    files,
    finding,
    listing,
    made,
    pulling,
    quotas,
    writing,
)
from worker_agent.archives import Archives
from worker_agent.background import Background
from worker_agent.faults import from_os_error
from worker_agent.permits import Digest
from worker_agent.process import Processes
from worker_agent.protocol import METHODS, ArchivePack, ArchiveUnpack, Call, FilesDigest, FilesPatch, PackMethod
from worker_agent.sandbox import Sandbox
from worker_agent.search import Search
from worker_agent.terminal import TerminalService
from worker_agent.threads import Threads
from worker_agent.trash import TrashBin
from worker_agent.uploads import UploadStore

Handler = Callable[[Any, Call], Awaitable[BaseModel]]
_A = TypeVar("_A", bound=BaseModel)
_R = TypeVar("_R", bound=BaseModel)

_SHARE_OF_DEADLINE = 0.8


def file_handlers(sandbox: Sandbox, threads: Threads) -> dict[str, Handler]:
    def in_thread(work: Callable[[Sandbox, _A], BaseModel]) -> Handler:
        async def handle(arguments: _A, call: Call) -> BaseModel:
            return await threads.run(_with_faults, work, sandbox, arguments)

        return handle

    def timed(work: Callable[..., BaseModel]) -> Handler:
        """In a thread, with the time on the monotonic clock until which the work may go on."""

        async def handle(arguments: Any, call: Call) -> BaseModel:
            until = time.monotonic() + call.deadline_s * _SHARE_OF_DEADLINE
            return await threads.run(_with_faults, partial(work, until=until), sandbox, arguments)

        return handle

    archives, uploads, trash = Archives(sandbox, threads), UploadStore(sandbox), TrashBin(sandbox)

    return {
        "files.list": in_thread(files.list_directory),
        "files.stat": in_thread(files.stat_path),
        "files.read": in_thread(files.read_range),
        "files.digest": in_thread(digests.digest_path),
        "files.write": in_thread(writing.write_file),
        "files.mkdir": in_thread(files.make_directory),
        "files.remove": in_thread(files.remove),
        "files.rename": in_thread(files.rename),
        "files.patch": in_thread(_patch),
        "files.search": Search(sandbox).run,
        "files.disk_use": timed(disk.disk_use),
        "quota.show": timed(partial(quotas.show, uploads=uploads)),
        "files.copy": timed(copying.copy),
        "files.made": in_thread(made.made),
        "files.earlier": in_thread(earlier.earlier),
        "files.mode": in_thread(copying.set_mode),
        "files.checksum": timed(checksums.checksum),
        "files.find": timed(finding.find),
        "archive.open": archives.open,
        "archive.read": archives.read,
        "archive.close": archives.close,
        "archive.pack": partial(_pack, archives, sandbox, threads),
        "archive.unpack": partial(_unpack, sandbox),
        "files.page": in_thread(listing.page_of),
        "files.status": in_thread(listing.status_of),
        "files.pull": in_thread(pulling.pull),
        **store_handlers(
            threads,
            {
                "trash.put": trash.put,
                "trash.list": trash.listed,
                "trash.restore": trash.restore,
                "trash.remove": trash.remove,
                **upload_methods(uploads),
            },
        ),
    }


def _patch(sandbox: Sandbox, arguments: FilesPatch) -> BaseModel:
    from worker_agent.patching import patch  # most agents are never asked for one

    return patch(sandbox, arguments)


async def _pack(
    archives: Archives, sandbox: Sandbox, threads: Threads, arguments: ArchivePack, call: Call
) -> BaseModel:
    from worker_agent.packing import pack

    return await pack(archives, sandbox, threads, arguments, call)


async def _unpack(sandbox: Sandbox, arguments: ArchiveUnpack, call: Call) -> BaseModel:
    from worker_agent.packing import unpack

    return await unpack(sandbox, arguments, call)


def store_handlers(threads: Threads, methods: Mapping[str, Callable[[Any], BaseModel]]) -> dict[str, Handler]:
    def in_thread(work: Callable[[Any], BaseModel]) -> Handler:
        async def handle(arguments: Any, call: Call) -> BaseModel:
            return await threads.run(_as_fault, work, arguments)

        return handle

    return {name: in_thread(work) for name, work in methods.items()}


def upload_methods(store: UploadStore) -> dict[str, Callable[[Any], BaseModel]]:
    return {
        "upload.begin": store.begin,
        "upload.append": store.append,
        "upload.cut": store.cut,
        "upload.stat": store.stat,
        "upload.list": store.listed,
        "upload.join": store.join,
        "upload.abort": store.abort,
        "upload.commit": partial(committing.commit, store),
    }


def digest_by(sandbox: Sandbox, threads: Threads) -> Digest:
    """What the files of a permit are compared with."""

    async def digest(path: str) -> str | None:
        found = await threads.run(_with_faults, digests.digest_path, sandbox, FilesDigest(path=path))
        return found.sha256

    return digest


def process_handlers(processes: Processes, background: Background) -> dict[str, Handler]:
    return {
        "process.run": processes.run,
        "process.kill": processes.kill,
        "process.start": background.start,
        "process.read": background.read,
        "process.stop": background.stop,
        "process.list": background.list,
    }


def terminal_handlers(terminals: TerminalService) -> dict[str, Handler]:
    return {
        "terminal.open": terminals.open,
        "terminal.attach": terminals.attach,
        "terminal.write": terminals.write,
        "terminal.resize": terminals.resize,
        "terminal.close": terminals.close_one,
        "terminal.list": terminals.list,
    }


def method_table(handlers: Mapping[str, Handler]) -> dict[str, PackMethod]:
    """The built-in methods with their types; a method of the protocol without a handler is an error."""
    return {name: PackMethod(arguments, result, handlers[name]) for name, (arguments, result) in METHODS.items()}


def _as_fault(work: Callable[[Any], _R], arguments: Any) -> _R:
    try:
        return work(arguments)
    except OSError as error:
        raise from_os_error(error, getattr(arguments, "path", None) or "what this is about") from error


def _with_faults(work: Callable[[Sandbox, Any], _R], sandbox: Sandbox, arguments: Any) -> _R:
    try:
        return work(sandbox, arguments)
    except OSError as error:
        named = getattr(arguments, "path", None) or getattr(arguments, "source", None) or "what this is about"
        raise from_os_error(error, named) from error
