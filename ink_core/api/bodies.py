"""Bodies of requests, read before what is called gets them: by what asks who calls while they are on their way.

A client may hold a body back for as long as it likes. Whoever it was when the request began may have signed out, or
have been locked, when the body is whole; so after a late one it is asked again.
"""

from __future__ import annotations

from starlette.types import Message, Receive

from ink_core.api.body_limit import MAX_BODY_BYTES

LATE_S = 1.0
"""Within this time from its beginning a request is its caller's, whatever becomes of the credential meanwhile."""


async def whole(receive: Receive, most_bytes: int = MAX_BODY_BYTES) -> bytes | None:
    """The body, or its beginning where it is longer; None where the client left before its end."""
    pieces, taken = list[bytes](), 0
    while (message := await receive())["type"] == "http.request":
        pieces.append(message.get("body", b""))
        taken += len(pieces[-1])
        if taken > most_bytes or not message.get("more_body", False):
            return b"".join(pieces)
    return None


def again(body: bytes, receive: Receive) -> Receive:
    """The body in one piece, then what comes after it."""
    pieces = [body]

    async def replayed() -> Message:
        if pieces:
            return {"type": "http.request", "body": pieces.pop(), "more_body": False}
        return await receive()

    return replayed
