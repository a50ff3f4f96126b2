"""`files.write`: the new version replaces the old one atomically, and only the version that the writer saw.

The content goes to a temporary file beside the target, is flushed to disk and renamed into place; then the directory
is flushed.

Limits: writers in this agent exclude each other; a foreign process that changes the file between the comparison and the
rename is not noticed. Hard links and access lists of the old version are not carried over; its mode is.
"""

from __future__ import annotations

import base64
import binascii
import errno
import hashlib
import os
import secrets
import stat
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from functools import partial

from worker_agent import earlier
from worker_agent.faults import fault
from worker_agent.names import to_wire
from worker_agent.protocol import MAX_WRITE_BYTES, FilesWrite, FileWritten
from worker_agent.renaming import rename_noreplace
from worker_agent.sandbox import Sandbox

one_writer = threading.Lock()


def write_file(sandbox: Sandbox, arguments: FilesWrite) -> FileWritten:
    path = sandbox.relative(arguments.path)
    content = _decode(arguments.content)
    with folder_named(arguments.path), sandbox.entry(path, follow=True) as (directory, name), one_writer:
        before = existing_file(directory, name, arguments.path)
        _check_version(directory, name, before, arguments)
        mode = arguments.mode if before is None else stat.S_IMODE(before.st_mode)
        keep = partial(_keep_earlier, sandbox, arguments, path, directory, name, before, content)
        _replace(directory, name, content, mode, keep, existing=before is not None)
    return FileWritten(path=to_wire(path), size=len(content), sha256=hashlib.sha256(content).hexdigest())


@contextmanager
def folder_named(path: str) -> Generator[None]:
    """A new file is not there: what is missing is the folder that it shall be in."""
    try:
        yield
    except FileNotFoundError as error:
        folder = os.path.dirname(path)
        if not folder:
            raise
        raise fault("not_found", f"The folder {folder} does not exist; make it first.") from error


def _decode(content: str) -> bytes:
    try:
        data = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise fault("bad_arguments", "content is not base64; encode the bytes of the file.") from error
    if len(data) > MAX_WRITE_BYTES:
        raise fault("too_large", f"A write may hold {MAX_WRITE_BYTES} bytes; transfer a larger file another way.")
    return data


def existing_file(directory: int, name: str, path: str) -> os.stat_result | None:
    try:
        status = os.stat(name, dir_fd=directory, follow_symlinks=False)
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(status.st_mode):
        raise fault("is_a_directory", f"{path} is a directory; name a file in it.")
    if not stat.S_ISREG(status.st_mode):
        raise fault("not_a_file", f"{path} is not a regular file and is not replaced.")
    return status


def _check_version(directory: int, name: str, before: os.stat_result | None, arguments: FilesWrite) -> None:
    expected = arguments.expected_sha256
    if expected is None and before is not None and not arguments.overwrite:
        raise fault("conflict", f"{arguments.path} exists already; read it and send its sha256, or set overwrite.")
    if expected is not None and before is None:
        raise fault("conflict", f"{arguments.path} was removed meanwhile; write it without expected_sha256.")
    if expected is not None and before is not None and _digest(directory, name, before) != expected.lower():
        raise fault("conflict", f"{arguments.path} was changed meanwhile; read it again and merge before writing.")


def _keep_earlier(
    sandbox: Sandbox,
    arguments: FilesWrite,
    path: str,
    directory: int,
    name: str,
    status: os.stat_result | None,
    after: bytes,
) -> None:
    """Unless it is larger than anything that can be written again."""
    if status is None:
        earlier.keep(sandbox, arguments.made_id, path, None, after)
    elif status.st_size <= MAX_WRITE_BYTES and arguments.made_id is not None:
        earlier.keep(sandbox, arguments.made_id, path, content_of(directory, name), after)


def content_of(directory: int, name: str) -> bytes:
    """The bytes of a regular file, as far as a writer can have seen them."""
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=directory)
    with open(descriptor, "rb") as file:
        return file.read(MAX_WRITE_BYTES + 1)


def _digest(directory: int, name: str, before: os.stat_result) -> str:
    """The sha256 of the file; empty for one that is larger than anything a writer can have seen whole."""
    if before.st_size > MAX_WRITE_BYTES:
        return ""
    return hashlib.sha256(content_of(directory, name)).hexdigest()


def _replace(directory: int, name: str, content: bytes, mode: int, keep: Callable[[], None], *, existing: bool) -> None:
    """`keep` comes when the content is there, so that what was before takes no room on the disk from it."""
    temporary = f".ink-{secrets.token_hex(8)}.tmp"
    try:
        write_new(directory, temporary, content, mode, keep_mode=existing)
        keep()
        if existing:
            os.rename(temporary, name, src_dir_fd=directory, dst_dir_fd=directory)
        else:
            rename_noreplace(directory, temporary, directory, name)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=directory)
        raise
    flush_directory(directory)


def write_new(directory: int, name: str, content: bytes, mode: int, *, keep_mode: bool) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with open(os.open(name, flags, mode, dir_fd=directory), "wb") as file:
        file.write(content)
        file.flush()
        if keep_mode:
            os.fchmod(file.fileno(), mode)
        os.fsync(file.fileno())


def flush_directory(directory: int) -> None:
    descriptor = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=directory)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.EOPNOTSUPP}:  # some network file systems flush no directories
            raise
    finally:
        os.close(descriptor)
