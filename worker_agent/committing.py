"""`upload.commit`: the staged bytes of an upload become the file, in one step and only if they are the ones meant.

Limits: like a write it keeps the mode of a file that it replaces, and not its hard links or access lists.
"""

from __future__ import annotations

import os
import stat

from worker_agent.faults import fault
from worker_agent.files import entry_of
from worker_agent.protocol import FileEntry, UploadCommit
from worker_agent.renaming import rename_noreplace
from worker_agent.upload_records import Record
from worker_agent.uploads import UploadStore, counted, final_mode
from worker_agent.writing import existing_file, flush_directory


def commit(store: UploadStore, arguments: UploadCommit) -> FileEntry:
    """A crash between the renaming and its record is seen by the file itself, which is then in place."""
    with store.working_on(arguments.upload_id, done=True) as (record, running):
        if record.path is None:
            raise fault("bad_arguments", "This upload is a part without a path; join the parts first.")
        path = store.sandbox.relative(record.path)
        if path != store.sandbox.relative(arguments.path) or record.size != arguments.size:
            raise fault("bad_arguments", f"This upload is one of {record.size} bytes for {record.path}.")
        if not record.done and not _in_place(store, record, path):
            _check_complete(store, record)
            if store.digest_of(record, running) != arguments.sha256:
                raise fault("checksum_mismatch", "The bytes that came are not the ones that were meant; send again.")
            _put_in_place(store, record, path)
        if record.sha256 not in {None, arguments.sha256}:
            raise fault("checksum_mismatch", "This upload was committed with other bytes.")
        if not record.done:
            store.records.keep(record.model_copy(update={"done": True, "sha256": arguments.sha256}))
        with store.sandbox.entry(path) as (directory, name):
            return entry_of(path, os.stat(name, dir_fd=directory, follow_symlinks=False))


def _check_complete(store: UploadStore, record: Record) -> None:
    with store.staged(record, os.O_RDONLY) as descriptor:
        staged = counted(record, os.fstat(descriptor).st_size)
    if staged != record.size:
        raise fault("upload_incomplete", f"Of {record.size} bytes {staged} have come; send the rest first.")


def _in_place(store: UploadStore, record: Record, path: str) -> bool:
    with store.sandbox.entry(path) as (directory, name):
        try:
            status = os.stat(name, dir_fd=directory, follow_symlinks=False)
        except FileNotFoundError:
            return False
    return (status.st_dev, status.st_ino) == record.file


def _put_in_place(store: UploadStore, record: Record, path: str) -> None:
    with store.sandbox.entry(path) as (directory, name):
        before = existing_file(directory, name, path)
        if before is not None and not record.overwrite:
            raise fault("conflict", f"{record.path} exists already; choose another name, or set overwrite.")
        with store.staged(record, os.O_RDWR) as descriptor:
            os.fchmod(descriptor, final_mode(record) if before is None else stat.S_IMODE(before.st_mode))
            os.fsync(descriptor)
        staged = os.path.basename(store.sandbox.relative(record.staged))
        if before is None:
            rename_noreplace(directory, staged, directory, name)
        else:
            os.rename(staged, name, src_dir_fd=directory, dst_dir_fd=directory)
        flush_directory(directory)
