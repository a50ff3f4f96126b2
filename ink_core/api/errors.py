"""Every error over HTTP is a problem document (RFC 9457) with a stable code and whether a retry can help.

An exception that is no `InkError` answers 500 without its text; the server logs it with
its traceback.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError, WebSocketRequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.websockets import WebSocket, WebSocketState

from ink_core.api.actions import REPLAYED, ActionFailed
from ink_core.complaints import where_and_what
from ink_core.errors import (
    BadInput,
    Conflict,
    Forbidden,
    InkError,
    NotFound,
    Throttled,
    Unauthenticated,
)

log = logging.getLogger(__name__)

_KINDS = (BadInput, Conflict, Forbidden, NotFound, Throttled, Unauthenticated)
_CODES = {
    **{kind.http_status: kind.code for kind in _KINDS},
    400: "bad_request",
    405: "method_not_allowed",
    413: "body_too_large",
}
"""Of errors that the framework raises; a code never depends on the phrase that a version of Python has for a status."""
MAX_PROBLEMS = 10


def install_error_handlers(app: FastAPI) -> None:
    """Makes every error of the application a problem document."""
    handlers: dict[type[Exception], Any] = {
        InkError: _ink_error,
        RequestValidationError: _invalid,
        WebSocketRequestValidationError: _invalid,
        HTTPException: _http_error,
        Exception: _unexpected,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


def problem(
    status: int, code: str, detail: str, *, retryable: bool, headers: Mapping[str, str] | None = None
) -> Response:
    """The problem document of one error. Half a surrogate pair, which a request may hold, is escaped in the detail."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail.encode(errors="backslashreplace").decode(),
        "code": code,
        "retryable": retryable,
    }
    return JSONResponse(body, status, headers, "application/problem+json")


def problem_of(error: InkError) -> Response:
    """The problem document of a typed error."""
    return problem(error.http_status, error.code, str(error), retryable=error.retryable, headers=headers_of(error))


def headers_of(error: InkError) -> Mapping[str, str] | None:
    """What is told beside the error: how to sign in, when to ask again, or that an earlier call failed with it."""
    if isinstance(error, Unauthenticated):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, Throttled) and error.retry_after_s is not None:
        return {"Retry-After": str(error.retry_after_s)}
    if isinstance(error, ActionFailed) and error.replayed:
        return REPLAYED
    return None


async def _ink_error(connection: HTTPConnection, error: Exception) -> Response | None:
    assert isinstance(error, InkError)
    if error.http_status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.warning("%s %s: %s", connection.url.path, error.code, error)
    return await _answer(connection, problem_of(error))


async def _invalid(connection: HTTPConnection, error: Exception) -> Response | None:
    assert isinstance(error, RequestValidationError | WebSocketRequestValidationError)
    return await _answer(connection, problem(422, BadInput.code, problem_text(error.errors()), retryable=False))


async def _http_error(connection: HTTPConnection, error: Exception) -> Response | None:
    assert isinstance(error, HTTPException)
    code = _CODES.get(error.status_code, HTTPStatus(error.status_code).phrase.lower().replace(" ", "_"))
    headers = dict(error.headers or {})
    return await _answer(connection, problem(error.status_code, code, error.detail, retryable=False, headers=headers))


async def _unexpected(request: Request, error: Exception) -> Response:
    return problem(500, InkError.code, "an internal error; it is in the server's log", retryable=False)


async def _answer(connection: HTTPConnection, response: Response) -> Response | None:
    """A refused WebSocket gets the same document in place of the upgrade; an open one is closed."""
    if not isinstance(connection, WebSocket):
        return response
    if connection.application_state is WebSocketState.CONNECTING:
        await connection.send_denial_response(response)
    else:
        await connection.close(1011)
    return None


def problem_text(errors: Sequence[Any]) -> str:
    """What is wrong where; never the value, which may be a secret."""
    return "; ".join(map(where_and_what, errors[:MAX_PROBLEMS]))
