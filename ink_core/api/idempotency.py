"""The header `Idempotency-Key` of routes that change something: a request with one is the same call each time.

The key belongs to its user. Sent again, also after the server was killed in between, the request gets the first one's
answer, marked `Idempotency-Replayed: true`; one that did nothing (refused, found its input bad or missing, or failed in
a way that is retryable) is tried anew.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header, Response

from ink_core.api.actions import RequestKey

KeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", min_length=1, max_length=255, pattern=r"^[\x20-\x7e]+$",
        description="Names this request among your own, so that it can be sent again without harm.",
    ),
]  # fmt: skip


def request_key(response: Response, text: KeyHeader = None) -> RequestKey | None:
    return None if text is None else RequestKey(text, response.headers)


IdempotencyKey = Annotated[RequestKey | None, Depends(request_key)]
