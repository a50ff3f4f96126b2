"""Entity tags of jobs (RFC 9110): a client that has a job as it is need not get it again, and changes only that one."""

from __future__ import annotations

import hashlib

from fastapi import Response

from ink_core.compute.model import Job
from ink_core.errors import InkError


class PreconditionFailed(InkError):
    """The job is no longer as the client saw it: look at it again, then decide."""

    code = "precondition_failed"
    http_status = 412


def etag_of(job: Job) -> str:
    return quoted(job.model_dump_json())


def quoted(text: str) -> str:
    """The tag of an answer that follows from this text."""
    return f'"{hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:24]}"'


def check_unchanged(job: Job, if_match: str) -> None:
    """Raises `PreconditionFailed`."""
    if if_match != "*" and etag_of(job) not in _tags(if_match):
        raise PreconditionFailed(f"job {job.job_id} has changed since; look at it again")


def not_modified(etag: str, if_none_match: str | None) -> Response | None:
    """The answer to a client that has it already."""
    if if_none_match is not None and etag in _tags(if_none_match):
        return Response(status_code=304, headers={"ETag": etag})
    return None


def _tags(header: str) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}
