"""What validation says of bad input, in the words of whoever wrote JSON or YAML: these know lists, and no tuples."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_OWN = "Value error, "
_IN_PYTHON = re.compile(r"\bvalid (?:tuple|set|frozenset)\b")
_HOW_MANY = re.compile(r"^(?:Tuple|Set|Frozenset) should\b")


def where_and_what(error: Mapping[str, Any]) -> str:
    """`gpus: Input should be a valid integer`: one of pydantic's `errors()`, without the value."""
    return f"{'.'.join(map(str, error['loc']))}: {in_plain_words(error['msg'])}"


def in_plain_words(message: str) -> str:
    """`message` is pydantic's (`msg` of an error); what a validator of ours said stays as it is."""
    if message.startswith(_OWN):
        return message.removeprefix(_OWN)
    return _HOW_MANY.sub("List should", _IN_PYTHON.sub("valid list", message))
