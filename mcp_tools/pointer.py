"""JSON pointers (RFC 6901): how a part of a result is named, `/jobs/3/name`; the empty pointer is the whole."""

from __future__ import annotations

from pydantic import JsonValue

from ink_core.errors import NotFound


class NothingThere(NotFound):
    code = "nothing_there"


def below(pointer: str, key: str) -> str:
    """The pointer of a field or of the n-th item of what `pointer` names."""
    return f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"


def part_of(value: JsonValue, pointer: str) -> JsonValue:
    """What the pointer names. Raises `NothingThere`, which says how far it leads."""
    at = ""
    for written in pointer.split("/")[1:] if pointer else ():
        key = written.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and key.isdecimal() and int(key[:9]) < len(value):
            value = value[int(key[:9])]
        else:
            raise NothingThere(f"there is no {key[:100]!r} at {at or 'the top'}, which is {_kind(value)}")
        at = below(at, key)
    return value


def _kind(value: JsonValue) -> str:
    if isinstance(value, dict):
        return f"an object with the fields {', '.join(list(value)[:20]) or '(none)'}"
    return f"a list of {len(value)}" if isinstance(value, list) else "a single value"
