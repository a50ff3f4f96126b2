"""Entity tags (RFC 9110): a client that has something as it is need not get it again, and changes only that.

A tag is made of what is answered. A change with `If-Match` is made only while one of its tags is that of what there is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Annotated, TypeVar

from fastapi import Header, Response
from pydantic import BaseModel

from ink_core.errors import InkError

Answered = TypeVar("Answered", bound=BaseModel)
IfNoneMatch = Annotated[
    str | None, Header(alias="If-None-Match", max_length=2000, description="Tags of what the client has: 304 for it.")
]
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", max_length=2000, description="Only while it is as it was seen; else 412."),
]


class PreconditionFailed(InkError):
    """It is no longer as the client saw it: look at it again, then decide."""

    code = "precondition_failed"
    http_status = 412


def etag_of(answer: BaseModel) -> str:
    return quoted(answer.model_dump_json())


def quoted(text: str) -> str:
    """The tag of an answer that follows from this text."""
    return f'"{hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:24]}"'


def check_unchanged(name: str, etags: Collection[str], if_match: str) -> None:
    """`etags` are those of what is there now, none where nothing is. Raises `PreconditionFailed`."""
    if not etags or (if_match.strip() != "*" and _tags(if_match).isdisjoint(etags)):
        raise PreconditionFailed(f"{name} has changed since; look at it again")


def has_it(etag: str, if_none_match: str | None) -> bool:
    """Whether the client has it already."""
    return if_none_match is not None and (if_none_match.strip() == "*" or etag in _tags(if_none_match))


def answer_tagged(response: Response, answer: Answered, if_none_match: str | None) -> Answered | Response:
    """The answer with its tag; for a client that has it, 304 with the headers that `response` has so far."""
    response.headers["ETag"] = etag_of(answer)
    if not has_it(response.headers["ETag"], if_none_match):
        return answer
    return Response(status_code=304, headers=dict(response.headers))


def _tags(header: str) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}
