"""The user's plan as an ideal planner would make it that reads the user's words and nothing else.

It knows the calls of the suite's own solution, but may use of them only what the words give: a step for a tool whose
action the words name, and of its arguments the values that stand in the words (a date also as January 11th, an end also
as a start and a duration, a code also by its name). Everything else of a step stays open, for the data, and is
untrusted. A step that the words do not name (do what that e-mail says) is not in the plan.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from pydantic import JsonValue

from bench.agentdojo.declarations import DECLARED

Call = Mapping[str, JsonValue]
EACH = re.compile(r"\b(all|each|every|everybody|everyone)\b", re.IGNORECASE)


def plan(words: str, calls: Sequence[Call]) -> list[JsonValue]:
    """Steps as `manager.gate.provenance.Step` reads them."""
    steps: list[JsonValue] = []
    counted = Counter(str(call["tool"]) for call in calls)
    for call in calls:
        tool, arguments = str(call["tool"]), _arguments(call)
        if not _asked(tool, words):
            continue
        bound: dict[str, JsonValue] = {
            name: [value] for name, value in arguments.items() if _given(name, value, call, words)
        }
        repeated = counted[tool] > 1 and EACH.search(words) is not None
        steps.append({"tool": tool, "arguments": bound, "repeated": repeated})
    return steps


def _given(name: str, value: JsonValue, call: Call, words: str) -> bool:
    choices = DECLARED[str(call["tool"])].choices
    if isinstance(value, str) and value in choices:
        return said(choices[value], words)
    return said(value, words) or any(
        said(other, words) and said(apart, words)
        for other in _arguments(call).values()
        for apart in _apart(other, value)
    )


def _apart(start: JsonValue, end: JsonValue) -> Iterable[str]:
    """How a person calls the time between two moments of whole hours."""
    try:
        hours = (datetime.fromisoformat(str(end)) - datetime.fromisoformat(str(start))).total_seconds() / 3600
    except (ValueError, TypeError):
        return
    if hours >= 1 and hours.is_integer():
        count = int(hours)
        yield from (f"{count} hour", f"{count} hours", f"{count}-hour", *(["one hour"] if count == 1 else []))


def said(value: JsonValue, words: str) -> bool:
    """Whether the words give this value: each text or number of it stands there by itself."""
    parts = list(_parts(value))
    return bool(parts) and all(_stands(part, words) for part in parts)


def _asked(tool: str, words: str) -> bool:
    actions = DECLARED[tool].asked_by if tool in DECLARED else ()
    return any(re.search(rf"\b{re.escape(action)}\b", words, re.IGNORECASE) for action in actions)


def _stands(part: str | float, words: str) -> bool:
    if isinstance(part, str):
        return bool(part) and (_is_there(part, words) or _is_there_as_a_date(part, words))
    return part in {float(number) for number in re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w])", words)}


def _is_there(text: str, words: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(text)}(?!\w)", words, re.IGNORECASE) is not None


def _is_there_as_a_date(text: str, words: str) -> bool:
    """`2025-01-11 10:00` as `January 11th 2025` or `2025-01-11`, and `10:00`."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d( \d\d:\d\d)?", text):
        return False
    day, _, hour = text.partition(" ")
    date = datetime.fromisoformat(day)
    spelt = re.search(rf"\b{date:%B} {date.day}(st|nd|rd|th)?\b", words) and _is_there(str(date.year), words)
    return bool(_is_there(day, words) or spelt) and (not hour or _is_there(hour, words))


def _parts(value: JsonValue) -> Iterable[str | float]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _parts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _parts(item)
    elif isinstance(value, bool) or value is None:
        return
    else:
        yield value if isinstance(value, str) else float(value)


def _arguments(call: Call) -> Mapping[str, JsonValue]:
    arguments = call["arguments"]
    assert isinstance(arguments, dict)
    return arguments
