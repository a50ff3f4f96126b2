"""Errors as clients of OpenAI's interface read them: `{"error": {"message", "type", "param", "code"}}`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ink_core.api.errors import headers_of, problem_text
from ink_core.errors import BadInput, InkError
from manager.completions.wire import CompletionError, CompletionErrorBody

log = logging.getLogger(__name__)

_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    429: "rate_limit_error",
}


class CompletionRoute(APIRoute):
    """A route whose errors, those of its policy and of its body included, have OpenAI's form."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except InkError as error:
                if error.http_status >= 500:
                    log.warning("%s %s: %s", request.url.path, error.code, error)
                return JSONResponse(error_body(error).model_dump(), error.http_status, headers_of(error))
            except RequestValidationError as error:
                return JSONResponse(error_body(BadInput(problem_text(error.errors()))).model_dump(), 400)
            except HTTPException as error:  # a body that is no text at all
                return JSONResponse(error_body(BadInput(error.detail)).model_dump(), error.status_code)

        return handled


def error_body(error: InkError) -> CompletionErrorBody:
    status = error.http_status
    kind = _TYPES.get(status, "invalid_request_error" if status < 500 else "api_error")
    return CompletionErrorBody(error=CompletionError(message=str(error), type=kind, code=error.code))
