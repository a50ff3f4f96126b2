"""What an agent says of files, as errors with the HTTP status that fits; code and words are the agent's own."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager

from ink_core.errors import AgentFault, InkError

STATUSES: Mapping[str, int] = {
    "not_found": 404,
    "permission_denied": 403,
    "no_token": 403,
    "path_outside_workspace": 403,
    "conflict": 409,
    "directory_not_empty": 409,
    "cross_device": 409,
    "file_changed": 409,
    "offset_mismatch": 409,
    "upload_changed": 409,
    "upload_done": 409,
    "upload_incomplete": 409,
    "archive_failed": 409,
    "too_slow": 413,
    "too_large": 413,
    "bad_arguments": 422,
    "checksum_mismatch": 422,
    "is_a_directory": 422,
    "not_a_directory": 422,
    "not_a_file": 422,
    "unreadable": 422,
    "too_many_links": 422,
    "too_many_operations": 429,
    "too_many_uploads": 429,
    "trash_full": 409,
    "no_previews": 501,
    "io_error": 503,
    "storage_down": 503,
    "storage_refused": 502,
    "no_space": 507,
}


class FileFault(InkError):
    """The user's agent could not do it; 400 for a code that is not of files."""

    def __init__(self, message: str, *, code: str, retryable: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.retryable = retryable
        self.http_status = STATUSES.get(code, 400)


@contextmanager
def file_faults() -> Generator[None]:
    """Raises what an agent's call in the block raises, its faults as `FileFault`."""
    try:
        yield
    except AgentFault as fault:
        raise FileFault(str(fault), code=fault.code, retryable=fault.retryable) from fault
