"""The INK envelope: every answer is `{"status", "msg", "data"}`, with HTTP 200 for business errors, too.

An error has our stable `code` and `retryable` beside it: "not found", "not yet visible", "throttled" and "down" differ.
What is no error of ours answers 500 like everywhere.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ink_core.api.errors import headers_of, problem_text
from ink_core.api.v2.errors import Status, status_of
from ink_core.errors import BadInput, InkError

log = logging.getLogger(__name__)
F = TypeVar("F", bound=Callable[..., Any])
HEADERS = {"Cache-Control": "no-store"}


@dataclass(frozen=True)
class Failing:
    """What a route's own failure is called, and whether the HTTP status tells of it too.

    It must where a proxy asks: to nginx every 200 is a yes.
    """

    status: Status = Status.FAILED
    by_http: bool = False


def fails_with(status: Status, *, by_http: bool = False) -> Callable[[F], F]:
    """Says of a route what its failure is called."""

    def mark(endpoint: F) -> F:
        endpoint.__dict__["ink_failing"] = Failing(status, by_http)
        return endpoint

    return mark


def answer(data: object = None) -> Response:
    """The envelope of a success around anything that `orjson` writes."""
    return _enveloped({"status": Status.OK.value, "msg": "OK", "data": data})


class InkRoute(APIRoute):
    """A route whose errors, those of its policy and of its parameters included, answer in the envelope."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        failing: Failing = self.endpoint.__dict__.get("ink_failing", Failing())

        async def handle_enveloped(request: Request) -> Response:
            try:
                return await handle(request)
            except InkError as error:
                _log(request, error)
                http = error.http_status if failing.by_http else 200
                status = status_of(error.code, failing.status)
                answer = _failed(status, str(error), error.code, error.retryable, http)
                answer.headers.update(headers_of(error) or {})
                return answer
            except RequestValidationError as error:
                http = BadInput.http_status if failing.by_http else 200
                return _failed(Status.PARAMETER, problem_text(error.errors()), BadInput.code, False, http)
            except HTTPException as error:
                http = error.status_code if failing.by_http else 200
                return _failed(failing.status, error.detail, BadInput.code, False, http)

        return handle_enveloped


def _failed(status: Status, message: str, code: str, retryable: bool, http: int = 200) -> Response:
    said = message.encode(errors="backslashreplace").decode()
    body = {"status": status.value, "msg": said, "data": None, "code": code, "retryable": retryable}
    return _enveloped(body, http)


def _enveloped(body: Mapping[str, object], http: int = 200) -> Response:
    return Response(orjson.dumps(body), http, HEADERS, "application/json")


def _log(request: Request, error: InkError) -> None:
    if error.http_status >= 500:
        log.warning("%s %s: %s", request.url.path, error.code, error)
