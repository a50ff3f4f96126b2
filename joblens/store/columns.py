"""Rows of one kind as columns of 64-bit integers: the form in which batches travel and blocks are kept.

A column is the difference of each value to the one before, little-endian, with the bytes of equal weight together: what
is left of a counter that grows slowly is mostly zeros, which zlib then removes. Everything here runs over whole columns
in C, because the collector may spend a thousandth of a core on it. Times and percentages are kept to a millionth.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum, StrEnum, auto
from functools import cache, lru_cache
from itertools import accumulate
from typing import Any, NamedTuple, TypeVar, cast, get_type_hints

from joblens.records import JobKey, JobSample

Row = TypeVar("Row")
Texts = list[list[str]]
"""The distinct texts of each column that has any, in the order of the columns."""

MAX_INT = 2**63 - 1
MAX_FLOAT = 1e11  # as a time, of the year 5138: calendars go on beyond it
MAX_TEXT = 8192  # characters; longer ones are cut by whoever writes
_WIDTH = 8
_ADDED = {JobSample: {"cpu_wait_ms", "io_wait_ms"}}
"""Columns that the first form of batches and blocks lacks: 0 in its rows."""
_MILLIONTHS = 1_000_000


class _Kind(Enum):
    INT = auto()
    FLOAT = auto()
    FLAG = auto()
    TEXT = auto()
    CHOICE = auto()
    KEY = auto()


class _Column(NamedTuple):
    name: str
    kind: _Kind
    optional: bool = False  # None is kept as -1
    choices: type[StrEnum] | None = None


@cache
def columns_of(row: type) -> tuple[_Column, ...]:
    hints = get_type_hints(row)
    names = [field.name for field in fields(row)] if is_dataclass(row) else list(hints)
    return tuple(_column(name, hints[name]) for name in names)


@cache
def first_columns_of(row: type) -> tuple[_Column, ...]:
    """Those of the first form."""
    return tuple(column for column in columns_of(row) if column.name not in _ADDED.get(row, ()))


def _column(name: str, hint: Any) -> _Column:
    kinds = {int: _Kind.INT, float: _Kind.FLOAT, bool: _Kind.FLAG, str: _Kind.TEXT, JobKey: _Kind.KEY}
    for plain, kind in kinds.items():
        if hint in (plain, plain | None):
            return _Column(name, kind, optional=hint != plain)
    assert issubclass(hint, StrEnum)
    return _Column(name, _Kind.CHOICE, choices=hint)


def pack(row: type[Row], rows: Sequence[Row]) -> tuple[Texts, bytes]:
    """Texts and columns, one after the other. Raises `ValueError` for what `unpack` would not take."""
    texts: Texts = []
    packed: list[bytes] = []
    for column, values in zip(columns_of(row), _transposed(row, rows), strict=True):
        packed.append(_packed(column, _numbers(column, values, texts)))
    return texts, b"".join(packed)


def _transposed(row: type, rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    if not rows:
        return [()] * len(columns_of(row))
    if is_dataclass(row):
        return [[getattr(each, column.name) for each in rows] for column in columns_of(row)]
    return zip(*rows, strict=True)


def _numbers(column: _Column, values: Sequence[Any], texts: Texts) -> Sequence[int]:
    if column.optional:
        values = [-1 if value is None else value for value in values]
    if column.kind is _Kind.FLOAT:
        return _millionths(column, values)
    if column.kind in (_Kind.INT, _Kind.FLAG):
        return values
    distinct = dict.fromkeys(values)
    texts.append(_checked(_told_texts(column, distinct)))
    if len(distinct) == len(values):
        return range(len(values))
    if len(distinct) == 1:
        return (0,) * len(values)
    places = dict(zip(distinct, range(len(distinct)), strict=True))
    return list(map(places.__getitem__, values))


def _told_texts(column: _Column, values: Iterable[Any]) -> list[str]:
    if column.kind is _Kind.TEXT:
        return list(values)
    return list(map(_key_text if column.kind is _Kind.KEY else str, values))


def _millionths(column: _Column, values: Sequence[float]) -> list[int]:
    try:
        if values and values.count(values[0]) == len(values):  # as the time of all that was read at once
            return [round(values[0] * _MILLIONTHS)] * len(values)
        return [round(value * _MILLIONTHS) for value in values]
    except OverflowError as error:
        raise ValueError(f"{column.name} is out of range") from error


@lru_cache(maxsize=4096)
def _key_text(key: JobKey) -> str:
    text = "\n".join(key)
    if _key(text) != key:
        raise ValueError("a cluster's name has two lines")
    return text


def _in_range(column: _Column, numbers: Sequence[int]) -> Sequence[int]:
    none, most = (-_MILLIONTHS, MAX_FLOAT * _MILLIONTHS) if column.kind is _Kind.FLOAT else (-1, MAX_INT)
    if numbers and not ((none if column.optional else 0) <= min(numbers) and max(numbers) <= most):
        raise ValueError(f"{column.name} is out of range")
    return numbers


def _packed(column: _Column, numbers: Sequence[int]) -> bytes:
    if column.optional or column.kind is _Kind.FLOAT:
        _in_range(column, numbers)
    if numbers and numbers[0] == numbers[-1] and numbers.count(numbers[0]) == len(numbers):
        return _packed_of_one(column, numbers[0], len(numbers))
    try:
        words = struct.pack(f"<{len(numbers)}{'q' if column.optional else 'Q'}", *numbers)
    except struct.error as error:
        raise ValueError(f"{column.name} is out of range") from error
    values, (signs, whole) = int.from_bytes(words, "little"), _lanes(len(numbers))
    if not values & signs:
        differences = _differences(values, signs, whole)
    elif column.optional:
        differences = _differences_of_signed(values, signs, whole)
    else:
        raise ValueError(f"{column.name} is out of range")
    plain = differences.to_bytes(_WIDTH * len(numbers), "little")
    return b"".join([plain[weight::_WIDTH] for weight in range(_WIDTH)])


def _packed_of_one(column: _Column, number: int, count: int) -> bytes:
    """Of equal numbers, as of many columns: only the first differs from what is before it."""
    if not (column.optional or 0 <= number <= MAX_INT):  # of an optional column `_in_range` has looked
        raise ValueError(f"{column.name} is out of range")
    rest = bytes(count - 1)
    return b"".join([bytes((weight,)) + rest for weight in number.to_bytes(_WIDTH, "little", signed=True)])


def _differences(values: int, signs: int, whole: int) -> int:
    """Of each 64-bit lane of one large number to the lane below it: what a loop would do, in a few operations.

    A lane lends from its own highest bit, which is set for that and put right afterwards, and so never from the next
    (H. S. Warren, Hacker's Delight, 2-18: multibyte subtraction)."""
    return ((values | signs) - ((values << 8 * _WIDTH) & whole)) ^ signs


def _differences_of_signed(values: int, signs: int, whole: int) -> int:
    """The same where the highest bits of lanes may be set."""
    before = (values << 8 * _WIDTH) & whole
    return ((values | signs) - (before & (whole ^ signs))) ^ (values ^ before ^ signs) & signs


@lru_cache(maxsize=16)
def _lanes(count: int) -> tuple[int, int]:
    """The highest bit of so many lanes, and all their bits."""
    signs = int.from_bytes((b"\0" * (_WIDTH - 1) + b"\x80") * count, "little")
    return signs, (1 << signs.bit_length()) - 1


def unpack(row: type[Row], count: int, texts: Texts, data: bytes) -> list[Row]:
    """The rows again. Raises `ValueError` where the bytes are not what `pack` makes."""
    forms = (columns_of(row), first_columns_of(row))
    told = next((form for form in forms if len(data) == len(form) * count * _WIDTH), None)
    if count < 0 or told is None:
        raise ValueError(f"{count} rows of {row.__name__} do not take {len(data)} bytes")
    remaining, size = iter(texts), count * _WIDTH
    values = {
        column.name: _values(column, _unpacked(data[place * size : (place + 1) * size], count), remaining)
        for place, column in enumerate(told)
    }
    nothing = [0] * count
    return [row(*each) for each in zip(*(values.get(column.name, nothing) for column in forms[0]), strict=True)]


def _unpacked(data: bytes, count: int) -> list[int]:
    plain = bytearray(len(data))
    for weight in range(_WIDTH):
        plain[weight::_WIDTH] = data[weight * count : (weight + 1) * count]
    differences = array("q")
    differences.frombytes(plain)
    if sys.byteorder == "big":
        differences.byteswap()
    return list(accumulate(differences))


def _values(column: _Column, numbers: list[int], texts: Iterable[list[str]]) -> Sequence[Any]:
    values = _meant(column, _in_range(column, numbers), texts)
    if column.optional:
        none = -_MILLIONTHS if column.kind is _Kind.FLOAT else -1
        return [None if number == none else value for number, value in zip(numbers, values, strict=True)]
    return values


def _meant(column: _Column, numbers: Sequence[int], texts: Iterable[list[str]]) -> Sequence[Any]:
    match column.kind:
        case _Kind.INT:
            return numbers
        case _Kind.FLOAT:
            return [number / _MILLIONTHS for number in numbers]
        case _Kind.FLAG:
            return list(map(bool, numbers))
        case _:
            return _told(column, numbers, _checked(next(iter(texts), None)))


def _told(column: _Column, numbers: Sequence[int], texts: list[str]) -> Sequence[Any]:
    if numbers and max(numbers) >= len(texts):
        raise ValueError(f"{column.name} names a text that is not there")
    meant: list[Any] = texts
    if column.kind is _Kind.KEY:
        meant = [_key(text) for text in texts]
    elif column.choices is not None:
        meant = [column.choices(text) for text in texts]
    return [meant[number] for number in numbers]


def _key(text: str) -> JobKey:
    cluster, newline, job = text.partition("\n")
    if not newline or not job:
        raise ValueError("a job's key is not a cluster and a job")
    return JobKey(cluster, job)


def _checked(texts: Any) -> list[str]:
    if not isinstance(texts, list):
        raise ValueError("a column of texts is missing")
    given = cast("list[Any]", texts)
    if not (set(map(type, given)) <= {str} and max(map(len, given), default=0) <= MAX_TEXT):
        raise ValueError(f"a text is none, or longer than {MAX_TEXT} characters")
    return given
