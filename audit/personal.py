"""Which parts of a record are personal content, and what stands in their place where they were erased.

Personal is what people, models and tools said: the fields of these names, in a record of any kind. Who did what, when,
to which call and with which verdict is not: it stays, so that an erased event still proves what happened. Digests of
content are personal too, because a guess could be tried against them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

PERSONAL_FIELDS = frozenset(
    "arguments calls content detail diff digest error final_arguments message preview quotes raw request_sha256 result "
    "scripts seen steps text title unbound".split()
)

ERASED = "[redacted:erased]"
"""Also a redaction (`audit.redaction.holds_redaction`), so that a call with erased arguments is never run."""


PERSONS = ("by", "principal", "owner", "user", "acting_as", "requester")


def persons(body: Mapping[str, JsonValue]) -> Sequence[str]:
    """Names of the users that a record names, who acted first."""
    return [str(body[name]) for name in PERSONS if isinstance(body.get(name), str)]


def split(body: Mapping[str, JsonValue]) -> tuple[dict[str, JsonValue], dict[str, JsonValue]]:
    """The body with placeholders, which is how an erased event reads, and the personal parts to lay over it."""
    private = {name: body[name] for name in PERSONAL_FIELDS.intersection(body) if _says_something(body[name])}
    public = dict(body)
    for name, value in private.items():
        public[name] = _placeholder(value)
    return public, private


def _says_something(value: JsonValue) -> bool:
    return bool(value) and value is not True


def _placeholder(value: JsonValue) -> JsonValue:
    """Of the same type, so that whoever folds the event finds what it expects. The code of an error stays."""
    if isinstance(value, str):
        return ERASED
    if isinstance(value, Mapping):
        return {**value, "message": ERASED} if set(value) == _ERROR else {"erased": ERASED}
    return [] if isinstance(value, list | tuple) else None


_ERROR = {"code", "message", "retryable"}
