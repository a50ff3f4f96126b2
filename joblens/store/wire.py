"""A `Batch` as bytes, for the spool, the way to the manager, and the newest rows of the embedded store.

Form: `JLB` and the version (one byte), then zlib over: length of the header (4 bytes, big-endian), the header (JSON),
and the columns (`joblens.store.columns`) of each table, in the order of `TABLES`. A body of several batches is each one
after its length (4 bytes, big-endian). Whatever comes in is held to bounds before it takes memory.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ParamSpec, TypeVar, cast

from joblens.errors import BatchMalformed
from joblens.records import (
    Batch,
    ConnectionSample,
    FileSample,
    GpuSample,
    JobInfo,
    JobSample,
    Level,
    Mark,
    PowerSample,
    ProcessSample,
    StackSample,
)
from joblens.store.columns import MAX_FLOAT, MAX_INT, MAX_TEXT, columns_of, first_columns_of, pack, unpack

P = ParamSpec("P")
T = TypeVar("T")
MEDIA_TYPE = "application/vnd.ink.joblens-batches"
TOGETHER_HEADER = "JobLens-Together"
"""Of an answer to batches: so many are to wait on the node's disk before they are sent."""
TABLES: dict[str, type] = {
    "jobs": JobInfo,
    "samples": JobSample,
    "files": FileSample,
    "processes": ProcessSample,
    "connections": ConnectionSample,
    "gpus": GpuSample,
    "power": PowerSample,
    "marks": Mark,
    "stacks": StackSample,
}
MAX_BATCH_BYTES = 8 << 20
MAX_BODY_BYTES = 16 << 20
MAX_PLAIN_BYTES = 32 << 20  # also of all batches of a body together: so much memory, times a few, has one request
MAX_UNSEEN = 16
_MAGIC = b"JLB\x02"
_COLUMNS = {1: first_columns_of, 2: columns_of}
"""By version."""
LENGTH = 4
"""Bytes that say how long what follows is."""
_COMPRESSION = 1  # the spool is short-lived, and the collector's time is dear


def encode(batch: Batch) -> bytes:
    """As it came, where it was decoded. Raises `BatchMalformed` where it cannot be sent: too large (split it), or with
    a number out of range."""
    if batch.encoded:
        return batch.encoded
    tables: dict[str, list[Any]] = {}
    columns: list[bytes] = []
    try:
        for name, row in TABLES.items():
            rows = getattr(batch, name)
            if rows:
                texts, data = pack(row, rows)
                tables[name] = [len(rows), texts]
                columns.append(data)
        header = json.dumps([*_fields(batch), tables], separators=(",", ":")).encode()
    except ValueError as error:
        raise BatchMalformed(f"A batch cannot be encoded: {error}.") from error
    plain = b"".join((len(header).to_bytes(LENGTH, "big"), header, *columns))
    encoded = _MAGIC + zlib.compress(plain, _COMPRESSION)
    if len(plain) > MAX_PLAIN_BYTES or len(encoded) > MAX_BATCH_BYTES:
        raise BatchMalformed(f"A batch of {len(plain)} bytes is too large; the collector has to split it.")
    return encoded


def _fields(batch: Batch) -> tuple[Any, ...]:
    host, sequence, unseen = _text(batch.host), _whole(batch.sequence), _texts(batch.unseen)
    return (host, sequence, _number(batch.time), _number(batch.interval_s), batch.level.value, unseen)


def decode(data: bytes) -> Batch:
    """Raises `BatchMalformed`, saying what is wrong."""
    return next(_read([data]))


def decode_body(body: bytes) -> list[Batch]:
    """The batches of a body. Raises `BatchMalformed`, also where they are too large together."""
    return list(_read(split(body)))


def _read(encoded: Iterable[bytes]) -> Iterator[Batch]:
    left = MAX_PLAIN_BYTES
    for data in encoded:
        plain = _checked(_plain, data, left)
        left -= len(plain)
        batch = _checked(_decoded, plain, data[3])
        object.__setattr__(batch, "encoded", data)
        yield batch


def _checked(step: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    try:
        return step(*given, **named)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError, zlib.error) as error:
        raise BatchMalformed(f"What came is not a batch of JobLens: {error}.") from error


def _plain(data: bytes, most: int) -> bytes:
    if data[:3] != _MAGIC[:3]:
        raise ValueError("it does not begin as one")
    if len(data) < 4 or data[3] not in _COLUMNS:
        raise ValueError(f"it has version {data[3:4].hex() or 'none'}, and this release reads 01 and 02")
    if len(data) > MAX_BATCH_BYTES:
        raise ValueError(f"it has {len(data)} bytes, and at most {MAX_BATCH_BYTES} are taken")
    unpacker = zlib.decompressobj()
    plain = unpacker.decompress(data[4:], max(most, 1))
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("it is cut short, or larger than is taken")
    return plain


def _decoded(plain: bytes, version: int) -> Batch:
    start = LENGTH + int.from_bytes(plain[:LENGTH], "big")
    header = json.loads(plain[LENGTH:start])
    host, sequence, time, interval_s, level, unseen, tables = header
    if not (isinstance(tables, dict) and tables.keys() <= TABLES.keys()):  # pyright: ignore[reportUnknownMemberType]
        raise ValueError("its tables are not known")
    rows: dict[str, list[Any]] = {}
    for name in TABLES:
        if name in tables:
            table = cast("list[Any]", tables[name])
            count = _whole(table[0])
            end = start + 8 * len(_COLUMNS[version](TABLES[name])) * count
            rows[name] = unpack(TABLES[name], count, table[1], plain[start:end])
            start = end
    if start != len(plain):
        raise ValueError("it has bytes behind its end")
    return Batch(
        _text(host), _whole(sequence), _number(time), _number(interval_s), Level(level), _texts(unseen), **rows
    )


def _text(value: Any) -> str:
    if type(value) is not str or not 0 < len(value) <= MAX_TEXT:
        raise ValueError("a text of its header is none, empty or too long")
    return value


def _texts(values: Any) -> tuple[str, ...]:
    if len(values) > MAX_UNSEEN:
        raise ValueError(f"it names more than {MAX_UNSEEN} figures that its level cannot see")
    return tuple(map(_text, values))


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= MAX_INT:
        raise ValueError("a number of its header is none or out of range")
    return value


def _number(value: Any) -> float:
    if type(value) not in (int, float) or not 0 <= value <= MAX_FLOAT:
        raise ValueError("a time of its header is none or out of range")
    return float(value)


def join(encoded: Iterable[bytes]) -> bytes:
    """Encoded batches as one body."""
    return b"".join(part for each in encoded for part in (len(each).to_bytes(LENGTH, "big"), each))


def split(body: bytes) -> Iterator[bytes]:
    """The encoded batches of a body, not yet decoded. Raises `BatchMalformed` where it is cut or too large."""
    if len(body) > MAX_BODY_BYTES:
        raise BatchMalformed(
            f"A body has {len(body)} bytes, and at most {MAX_BODY_BYTES} are taken; send fewer batches."
        )
    place = 0
    while place < len(body):
        start = place + LENGTH
        place = start + int.from_bytes(body[place:start], "big")
        if place > len(body) or start > len(body):
            raise BatchMalformed("A body of batches ends in the middle of one.")
        yield body[start:place]
