"""What validation says of bad input, in the words of whoever wrote JSON or YAML: these know lists, and no tuples."""

from __future__ import annotations

import re

_OWN = "Value error, "
_IN_PYTHON = re.compile(r"\bvalid (?:tuple|set|frozenset)\b")
_HOW_MANY = re.compile(r"^(?:Tuple|Set|Frozenset) should\b")


def in_plain_words(message: str) -> str:
    """`message` is pydantic's (`msg` of an error); what a validator of ours said stays as it is."""
    if message.startswith(_OWN):
        return message.removeprefix(_OWN)
    return _HOW_MANY.sub("List should", _IN_PYTHON.sub("valid list", message))
