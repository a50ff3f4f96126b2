"""Which errors an operation answers: by HTTP status, and by the stable codes, each described once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from http import HTTPStatus
from typing import Any

from ink_core.errors import InkError
from ink_core.identity.principal import OPENS_APPS, Scope
from ink_core.storage.faults import STATUSES
from manager.api.openapi.tables import table

MEDIA_TYPE = "application/problem+json"
SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457). `code` is stable; `retryable`: the same request may work later.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "retryable"],
    "properties": {
        "type": {"type": "string", "title": "Type"},
        "title": {"type": "string", "title": "Title"},
        "status": {"type": "integer", "title": "Status"},
        "detail": {"type": "string", "title": "Detail"},
        "code": {"type": "string", "title": "Code"},
        "retryable": {"type": "boolean", "title": "Retryable"},
    },
}
_OF_HTTP = {"bad_request": 400, "body_too_large": 413}


def codes_of(name: str, tags: Iterable[str], scopes: Collection[Scope] | None, *, takes: bool, body: bool) -> set[str]:
    """Of an operation that asks for these `scopes` (None: open to all), and takes parameters or a body."""
    known = table("operations")["problems"]
    found = {"throttled"}
    if scopes is not None:
        found |= {"unauthenticated", "account_locked", "forbidden"}
    if takes:
        found.add("bad_input")
    if body:
        found |= set(_OF_HTTP)
    named = [word for tag in tags for word in known["tags"].get(tag, ())] + known["operations"].get(name, [])
    asked = frozenset(scopes or ())
    if asked != OPENS_APPS and not asked.isdisjoint(known["gated_scopes"]):  # to open an app is no call of a tool
        named.append("gate")
    for word in named:
        found |= set(known["groups"].get(word, [word]))
    return found


def codes_of_headers(names: Iterable[str]) -> set[str]:
    """Of an operation that takes these parameters: some headers have an error of their own."""
    known: dict[str, str] = table("operations")["problems"]["headers"]
    return {known[name] for name in names if name in known}


class Answers:
    """The responses with problems of the whole document: each that operations have in common is described once."""

    def __init__(self) -> None:
        self.responses: dict[str, Any] = {}
        self.examples: dict[str, Any] = {}

    def of(self, codes: Iterable[str]) -> dict[str, Any]:
        """The responses of an operation with these codes, by status."""
        by_status: dict[int, list[str]] = {}
        for code in sorted(codes):
            by_status.setdefault(_status(code), []).append(code)
        return {str(status): self._named(status, found) for status, found in by_status.items()}

    def _named(self, status: int, codes: list[str]) -> dict[str, Any]:
        name = ".".join([str(status), *codes])
        self.responses[name] = _answer(codes)
        self.examples |= {code: _example(code) for code in codes}
        return {"$ref": f"#/components/responses/{name}"}


def _answer(codes: list[str]) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    examples = {code: {"$ref": f"#/components/examples/{code}"} for code in codes}
    said = ", ".join(f"`{code}`" for code in codes)
    return {"description": said, "content": {MEDIA_TYPE: {"schema": schema, "examples": examples}}}


def _example(code: str) -> dict[str, Any]:
    kind, status = _kinds().get(code), _status(code)
    summary = (kind.__doc__ or "").split("\n")[0] if kind else ""
    words = code.replace("_", " ")
    body = {
        "type": "about:blank",
        "title": _phrase(status),
        "status": status,
        "detail": words,
        "code": code,
        "retryable": bool(kind and kind.retryable),
    }
    return {"summary": summary or words.capitalize(), "value": body}


def _status(code: str) -> int:
    """Raises `KeyError` for a code that nothing answers."""
    if code in _OF_HTTP:
        return _OF_HTTP[code]
    kind = _kinds().get(code)
    return kind.http_status if kind else STATUSES[code]


def _phrase(status: int) -> str:
    """Of RFC 9110, whatever this version of Python calls it."""
    renamed = {413: "Content Too Large", 416: "Range Not Satisfiable", 422: "Unprocessable Content"}
    return renamed.get(status) or HTTPStatus(status).phrase


def _kinds() -> dict[str, type[InkError]]:
    kinds: list[type[InkError]] = [InkError]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
    return {kind.code: kind for kind in reversed(kinds)}
