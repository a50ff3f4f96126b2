"""Parts of a `multipart/form-data` body one after the other, as they come: nothing of a file is kept here.

Format: RFC 7578, parsed by python-multipart. Limits: parts are read in their order, each to its end before the next.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from ink_core.errors import BadInput

STALLED_S = 120.0
MOST_HEADER_BYTES = 16 * 1024


@dataclass(frozen=True)
class Part:
    """`filename` is None of a plain field. `data` is to be read before the next part is asked for."""

    name: str
    filename: str | None
    data: AsyncGenerator[bytes]


@dataclass(frozen=True)
class _Begun:
    name: str
    filename: str | None


class _Ended:
    """Of one part."""


class FormParts:
    """Iterate once. Raises `BadInput` for what is no such form, or ends or stops in the middle of it."""

    def __init__(self, content_type: str, body: AsyncIterator[bytes]) -> None:
        kind, options = parse_options_header(content_type)
        if kind != b"multipart/form-data" or not options.get(b"boundary"):
            raise BadInput("send multipart/form-data")
        self._body = body
        self._events: deque[_Begun | _Ended | bytes] = deque()
        self._header: list[bytes] = [b"", b""]
        self._disposition = b""
        self._whole = False
        self._parser = MultipartParser(
            options[b"boundary"],
            {
                "on_part_begin": self._on_part_begin,
                "on_header_field": self._on_header_field,
                "on_header_value": self._on_header_value,
                "on_header_end": self._on_header_end,
                "on_headers_finished": self._on_headers_finished,
                "on_part_data": self._on_part_data,
                "on_part_end": self._on_part_end,
                "on_end": self._on_end,
            },
        )

    async def __aiter__(self) -> AsyncIterator[Part]:
        while (event := await self._next()) is not None:
            assert isinstance(event, _Begun)
            data = self._data()
            yield Part(event.name, event.filename, data)
            async for _ in data:
                pass

    async def _data(self) -> AsyncGenerator[bytes]:
        while isinstance(event := await self._next(), bytes):
            yield event

    async def _next(self) -> _Begun | _Ended | bytes | None:
        while not self._events:
            chunk = await self._chunk()
            if chunk is None and self._whole:
                return None
            if chunk is None:
                raise BadInput("the form ended in the middle")
            try:
                self._parser.write(chunk)
            except FormParserError as error:
                raise BadInput("this is no multipart form") from error
        return self._events.popleft()

    async def _chunk(self) -> bytes | None:
        try:
            async with asyncio.timeout(STALLED_S):
                return await anext(self._body, None)
        except TimeoutError as error:
            raise BadInput(f"nothing came for {STALLED_S:.0f} s in the middle of the form") from error

    # -- what the parser meets ---------------------------------------------------------------------------------------

    def _on_part_begin(self) -> None:
        self._disposition = b""

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._grow(0, data[start:end])

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._grow(1, data[start:end])

    def _grow(self, which: int, data: bytes) -> None:
        self._header[which] += data
        if len(self._header[which]) > MOST_HEADER_BYTES:
            raise BadInput("a header in the form is too long")

    def _on_header_end(self) -> None:
        name, value = self._header
        if name.lower() == b"content-disposition":
            self._disposition = value
        self._header = [b"", b""]

    def _on_headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        if b"name" not in options:
            raise BadInput("a part of the form has no name")
        filename = options.get(b"filename")
        name = options[b"name"].decode(errors="replace")
        self._events.append(_Begun(name, None if filename is None else filename.decode(errors="replace")))

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        self._events.append(data[start:end])

    def _on_part_end(self) -> None:
        self._events.append(_Ended())

    def _on_end(self) -> None:
        self._whole = True
