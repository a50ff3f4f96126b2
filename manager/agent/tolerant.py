"""Tool calls out of the text of a model that writes them there instead of using the protocol's own form.

Understood: a JSON object (or a list of them) in a code fence, in `<tool_call>` tags, or at the start of a line.
Only names of offered tools count, so that an answer which quotes some JSON stays an answer. Never raises.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from typing import cast

from pydantic import JsonValue

from manager.agent.model import RequestedCall

MAX_OBJECTS = 32
_WRAPPED = re.compile(r"```[\w-]*\s*\n?(?P<fence>.*?)```|<tool_call>(?P<tag>.*?)(?:</tool_call>|\Z)", re.DOTALL)
_BARE = re.compile(r"^[ \t]*(?=[{\[])", re.MULTILINE)
_NAME = re.compile(r'"(?:name|tool|function)"\s*:\s*"([^"]{1,100})"')
_NAME_KEYS = ("name", "tool", "function", "tool_name")
_ARGUMENT_KEYS = ("arguments", "parameters", "args", "input")

Span = tuple[int, int]


def json_object(text: str) -> dict[str, JsonValue] | None:
    """The JSON object that the whole text is; nothing at all counts as an empty one."""
    value: object = _json(text) if text.strip() else {}
    return cast("dict[str, JsonValue]", value) if isinstance(value, dict) else None


def find_calls(text: str, offered: Collection[str]) -> tuple[str, tuple[RequestedCall, ...]]:
    """The text without its calls, and the calls in order."""
    found = list(_wrapped(text, offered)) or list(_bare(text, offered))
    calls = [call for _, calls in found for call in calls]
    for (start, end), _ in reversed(found):
        text = text[:start] + text[end:]
    numbered = (RequestedCall(f"text_{n}", c.tool, c.arguments, c.raw) for n, c in enumerate(calls))
    return (text.strip() if calls else text), tuple(numbered)


def _wrapped(text: str, offered: Collection[str]) -> Iterator[tuple[Span, list[RequestedCall]]]:
    for match in _WRAPPED.finditer(text):
        inner = match.group("fence") or match.group("tag") or ""
        calls = _calls_in(_json(inner), offered) or _broken_call(inner, offered)
        if calls:
            yield match.span(), calls


def _bare(text: str, offered: Collection[str]) -> Iterator[tuple[Span, list[RequestedCall]]]:
    decoder, past = json.JSONDecoder(parse_constant=_refuse), 0
    for tried, match in enumerate(_BARE.finditer(text)):
        if tried >= MAX_OBJECTS or match.end() < past:
            continue
        try:
            value, past = decoder.raw_decode(text, match.end())
        except (ValueError, RecursionError):
            continue
        calls = _calls_in(value, offered)
        if calls:
            yield (match.start(), past), calls


def _broken_call(text: str, offered: Collection[str]) -> list[RequestedCall]:
    """Wrapped like a call and naming a tool, but no JSON: the model should hear that."""
    named = _NAME.search(text)
    broken = (
        named is not None and named.group(1) in offered and text.lstrip().startswith(("{", "[")) and _json(text) is None
    )
    return [RequestedCall("", named.group(1), None, text.strip())] if named and broken else []


def _calls_in(value: object, offered: Collection[str]) -> list[RequestedCall]:
    if isinstance(value, list):
        items = cast("list[object]", value)[:MAX_OBJECTS]
        return [call for item in items for call in _calls_in(item, offered)]
    if not isinstance(value, dict):
        return []
    fields = cast("dict[str, object]", value)
    for nested in ("tool_calls", "function", "tool_call"):
        if isinstance(fields.get(nested), dict | list):
            return _calls_in(fields[nested], offered)
    return _call(fields, offered)


def _call(fields: dict[str, object], offered: Collection[str]) -> list[RequestedCall]:
    name = next((fields[key] for key in _NAME_KEYS if key in fields), None)
    given = next((fields[key] for key in _ARGUMENT_KEYS if key in fields), None)
    if not isinstance(name, str) or name not in offered or (given is None and len(fields) > 1):
        return []
    arguments = json_object(given) if isinstance(given, str) else ({} if given is None else given)
    read = cast("dict[str, JsonValue]", arguments) if isinstance(arguments, dict) else None
    return [RequestedCall("", name, read, json.dumps(given, ensure_ascii=False))]


def _json(text: str) -> object:
    """The value, or None for what is no strict JSON."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is not JSON")
