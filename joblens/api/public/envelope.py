"""The envelope of the public JobLens: `{code, message, data, meta}`, for errors too. `code` is 0, or the HTTP status.

Beside an error stand our stable word and whether asking again can help, which its clients ignore.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Generic, TypeVar

import orjson
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from ink_core.api.errors import headers_of, problem_text
from ink_core.errors import InkError
from joblens.api.public.errors import BadQuery

log = logging.getLogger(__name__)
Data = TypeVar("Data")
HEADERS = {"Cache-Control": "no-store"}


class Meta(BaseModel):
    """`indices_hit` is empty where the store has no indices."""

    query_time_ms: float
    clusters_queried: Sequence[str]
    indices_hit: Sequence[str] = ()


class Enveloped(BaseModel, Generic[Data]):
    code: int = 0
    message: str = "success"
    data: Data


class WithMeta(Enveloped[Data], Generic[Data]):
    meta: Meta


@dataclass(frozen=True)
class Asked:
    """When a question began, for the time in its answer."""

    began: float

    @classmethod
    def now(cls) -> Asked:
        return cls(perf_counter())

    def meta(self, clusters: Sequence[str], indices: Sequence[str] = ()) -> Mapping[str, object]:
        spent = round((perf_counter() - self.began) * 1000, 3)
        return {"query_time_ms": spent, "clusters_queried": list(clusters), "indices_hit": list(indices)}


def answer(data: object, meta: Mapping[str, object] | None = None, message: str = "success") -> Response:
    body: dict[str, object] = {"code": 0, "message": message, "data": data}
    return enveloped(body if meta is None else body | {"meta": meta})


class LensRoute(APIRoute):
    """A route whose errors, those of its policy and of its parameters included, answer in the envelope."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_enveloped(request: Request) -> Response:
            try:
                return await handle(request)
            except InkError as error:
                return _failed(request, error)
            except RequestValidationError as error:
                return _failed(request, BadQuery(problem_text(error.errors())))

        return handle_enveloped


def enveloped(body: Mapping[str, object], http: int = 200) -> Response:
    return Response(orjson.dumps(body), http, HEADERS, "application/json")


def _failed(request: Request, error: InkError) -> Response:
    if error.http_status >= 500:
        log.warning("%s %s: %s", request.url.path, error.code, error)
    said = str(error).encode(errors="backslashreplace").decode()
    body = {"code": error.http_status, "message": said, "data": None, "error": error.code, "retryable": error.retryable}
    response = enveloped(body, error.http_status)
    response.headers.update(headers_of(error) or {})
    return response
