"""What is wrong with a question to `/data`: HTTP 400, as the clients of the public JobLens expect."""

from __future__ import annotations

from ink_core.errors import BadInput


class BadQuery(BadInput):
    """A parameter is missing or makes no sense; the message says which."""

    code = "bad_query"
    http_status = 400
