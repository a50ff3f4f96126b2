"""A call that somebody describes, to ask what the policy would say of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import JsonValue, TypeAdapter, ValidationError

from ink_core.complaints import where_and_what
from ink_core.errors import BadInput
from ink_core.identity.principal import USER_SCOPES
from manager.gate.policy.facts import CallFacts, Origin
from mcp_tools.catalogue import default_catalogue

_FACTS = TypeAdapter(CallFacts)


def given(pairs: Sequence[str]) -> dict[str, JsonValue]:
    """Of `NAME=VALUE` each; what is no JSON is text. Raises `BadInput`."""
    values: dict[str, JsonValue] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name:
            raise BadInput(f"{pair!r} is not NAME=VALUE")
        try:
            values[name] = json.loads(text)
        except ValueError:
            values[name] = text
    return values


def described_call(
    tool: str, arguments: Mapping[str, JsonValue], facts: Mapping[str, JsonValue], now: datetime
) -> CallFacts:
    """A call of alice by the model on one thing of her own, but for what `facts` says. Raises an `InkError`.

    Arguments are checked against the tool, and get the values that it takes where none is given.
    """
    unknown = set(facts) - set(CallFacts.__dataclass_fields__)
    if unknown:
        known = ", ".join(CallFacts.__dataclass_fields__)
        raise BadInput(f"the policy sees no {sorted(unknown)[0]!r}; it sees {known}")
    spec = default_catalogue().get(tool)
    final = spec.parse(arguments).model_dump(mode="json")
    user = facts.get("username", "alice")
    plain = {
        "tool": spec.name,
        "risk": spec.risk,
        "origin": Origin.MODEL,
        "username": user,
        "is_admin": False,
        "scopes": USER_SCOPES,
        "arguments": final,
        "owners": [user],
        "target_count": 1,
        "session": "session:described",
        "cluster": final.get("cluster"),
        "time": now,
    }
    try:
        return _FACTS.validate_python({**plain, **facts})
    except ValidationError as error:
        raise BadInput(where_and_what(error.errors()[0])) from None
