"""The door to `jsonrpcserver`: its dispatcher, without what that package imports beside it.

Its `__init__` builds a validator with jsonschema and an HTTP server, which this agent has no use for: it brings its own
validator and listens nowhere. They would take 4 MB, a tenth of what an agent may hold, so `__init__` is not run. Nor is
that of `oslash`, of which the dispatcher needs one module in twenty.

Limits: serves this package's version of the lock file; no text of an exception may reach the dispatcher, which answers
with it.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, cast

_PACKAGE = "jsonrpcserver"
_MONADS = "oslash"


@contextmanager
def _without_init(package: str) -> Generator[None]:
    """While the block runs, the package's modules can be imported although its `__init__` has not run."""
    if package in sys.modules:
        yield
        return
    spec = importlib.util.find_spec(package)
    assert spec is not None, f"{package} is a dependency of the agent"
    sys.modules[package] = importlib.util.module_from_spec(spec)
    try:
        yield
    finally:
        del sys.modules[package]


with _without_init(_MONADS), _without_init(_PACKAGE):
    from jsonrpcserver.async_dispatcher import call, dispatch_to_response_pure
    from jsonrpcserver.dispatcher import create_request, to_response
    from jsonrpcserver.response import to_serializable
    from jsonrpcserver.result import Error, Result, Success
    from jsonrpcserver.sentinels import NOID

__all__ = ["Error", "Result", "Success", "dispatch"]

_post_process: Callable[[Any], Any] = to_serializable


async def dispatch(
    frame: str,
    *,
    methods: dict[str, Any],
    context: object,
    deserializer: Callable[[str], Any],
    validator: Callable[[Any], Any],
    serializer: Callable[[Any], str],
) -> str:
    """The answer to one frame; empty where none is due. `methods` get `context` first, then the params.

    One request with an id and named params, as the manager sends them, needs neither the library's tasks for batches
    nor its look at signatures.
    """
    request = _usual(frame, deserializer, validator)
    if request is not None:
        result = await call(request, context, methods[request.method])
        return serializer(_post_process(to_response(request, result)))
    answer = await dispatch_to_response_pure(
        deserializer=deserializer,
        validator=validator,
        methods=methods,
        context=context,
        post_process=_post_process,
        request=frame,
    )
    return "" if answer is None else serializer(answer)


def _usual(frame: str, deserializer: Callable[[str], Any], validator: Callable[[Any], Any]) -> Any:
    try:
        parsed = deserializer(frame)
        validator(parsed)
    except ValueError:
        return None
    if not isinstance(parsed, dict):
        return None
    request = create_request(cast("dict[str, Any]", parsed))
    return request if isinstance(request.params, dict) and request.id is not NOID else None
