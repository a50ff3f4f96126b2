"""What endpoints depend on and find by the connection alone (who calls, the platform), for routes with a way of their
own: the framework's looks for every kind of parameter, at half a millisecond a call.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, cast

from fastapi.dependencies.models import Dependant
from starlette.requests import Request

Find = Callable[[Request], Awaitable[Any]]


class ByConnection:
    """Of the endpoint of `path`. Raises `TypeError` for a dependency that takes more than the connection."""

    def __init__(self, path: str, dependencies: Iterable[Dependant]) -> None:
        self._finds: dict[str, Find] = {}
        for each in dependencies:
            if not _takes_it(each):
                raise TypeError(f"{each.name} of the endpoint of {path} is not found by the connection alone")
            self._finds[str(each.name)] = cast("Find", each.call)

    async def find(self, request: Request) -> dict[str, Any]:
        """By the endpoint's names, its policy among them, which raises where it does not let the caller in."""
        return {name: await find(request) for name, find in self._finds.items()}


def takes_more(declared: Dependant) -> bool:
    """Whether it takes something of the request beside its body and the connection."""
    return bool(declared.path_params or declared.query_params or declared.header_params or declared.cookie_params)


def _takes_it(declared: Dependant) -> bool:
    """Whether a dependency takes the connection, and nothing else."""
    return bool(declared.http_connection_param_name) and not (takes_more(declared) or declared.dependencies)
