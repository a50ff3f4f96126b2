"""Lists that come page by page, to their end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, Protocol, TypeVar

from ink_client.problems import checked
from ink_client.rest.models.problem import Problem
from ink_client.rest.types import UNSET, Unset


class Page(Protocol):
    @property
    def next_cursor(self) -> str | Unset | None: ...


P = TypeVar("P", bound=Page)


def pages(call: Callable[..., P | Problem | None], **asked: Any) -> Iterator[P]:
    """`pages(get_jobs.sync, client=client, limit=1000)`. Raises `InkProblem`."""
    cursor: str | Unset = UNSET
    while True:
        page = checked(call(**asked, cursor=cursor))
        yield page
        if not isinstance(page.next_cursor, str):
            return
        cursor = page.next_cursor


async def apages(call: Callable[..., Awaitable[P | Problem | None]], **asked: Any) -> AsyncIterator[P]:
    """`apages(get_jobs.asyncio, client=client, limit=1000)`. Raises `InkProblem`."""
    cursor: str | Unset = UNSET
    while True:
        page = checked(await call(**asked, cursor=cursor))
        yield page
        if not isinstance(page.next_cursor, str):
            return
        cursor = page.next_cursor
