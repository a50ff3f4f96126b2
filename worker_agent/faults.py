"""Typed faults: every way a worker method can fail, as a stable code and a sentence that says what to do.

Limits: only what the operating system said about a path is translated here; the text of an exception never leaves the
agent.
"""

from __future__ import annotations

import errno

from pydantic import ValidationError

from worker_agent.protocol import PackError, WorkerFault

_BY_ERRNO: dict[int, tuple[str, str]] = {
    errno.ENOENT: ("not_found", "{path} does not exist."),
    errno.EACCES: ("permission_denied", "The file system does not allow this on {path}."),
    errno.EPERM: ("permission_denied", "The file system does not allow this on {path}."),
    errno.EROFS: ("permission_denied", "{path} is on a read-only file system."),
    errno.EISDIR: ("is_a_directory", "{path} is a directory; name a file."),
    errno.ENOTDIR: ("not_a_directory", "{path} is not a directory."),
    errno.EEXIST: ("conflict", "{path} exists already; choose another name or remove it first."),
    errno.ENOTEMPTY: ("directory_not_empty", "{path} is not empty; set recursive to remove all of it."),
    errno.EXDEV: ("path_outside_workspace", "{path} leads out of the workspace; only paths inside it can be used."),
    errno.ELOOP: ("too_many_links", "{path} goes through too many symbolic links."),
    errno.ENAMETOOLONG: ("bad_arguments", "{path} has a name that is too long for the file system."),
    errno.EINVAL: ("bad_arguments", "The file system refused this for {path}."),
    errno.ENOSPC: ("no_space", "No space is left for {path}; remove something and try again."),
    errno.EDQUOT: ("no_space", "The quota is used up, {path} was not written; remove something and try again."),
    errno.ENXIO: ("not_a_file", "{path} is not a regular file."),
}


def fault(code: str, message: str, *, retryable: bool = False) -> PackError:
    """The exception that answers a call with this fault."""
    return PackError(WorkerFault(code=code, message=message, retryable=retryable))


def from_os_error(error: OSError, path: str) -> PackError:
    """What the operating system said about `path`, as a fault; an unknown error number is `io_error`."""
    code, message = _BY_ERRNO.get(error.errno or 0, ("io_error", "The file system failed on {path}; try again later."))
    return fault(code, message.format(path=path), retryable=code in {"io_error", "no_space"})


def from_validation(error: ValidationError) -> PackError:
    """Which fields are wrong and why, without the values that were sent."""
    details = error.errors(include_url=False, include_context=False, include_input=False)[:5]
    wrong = "; ".join(f"{'.'.join(map(str, detail['loc'])) or 'params'}: {detail['msg']}" for detail in details)
    return fault("bad_arguments", f"Correct the arguments and call again: {wrong}")
