"""JSON schemas of foreign tools made ours: self-contained, bounded, and fit to check arguments without danger.

References into the schema itself are put in place; a schema that contains itself, or refers elsewhere, is unfit. What
arguments are checked against has no regular expressions of others: they could take for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from pydantic import ConfigDict, JsonValue, model_validator
from referencing import Registry

from mcp_tools.client.faults import UnfitDefinition
from mcp_tools.spec import ToolValue

MOST_DEPTH = 16
MOST_NODES = 2_000
MOST_COMPLAINTS = 3
_UNCHECKED = frozenset({"pattern", "patternProperties", "format", "propertyNames"})
_UNSHOWN = frozenset({"$schema", "$id", "$defs", "definitions", "$comment", "$anchor"})

Schema = dict[str, JsonValue]


class ForeignArguments(ToolValue):
    """What a foreign tool is called with; each tool has a class of its own, with its schema."""

    model_config = ConfigDict(extra="allow", frozen=True)

    shown: ClassVar[Schema] = {}
    validator: ClassVar[Draft202012Validator]

    @classmethod
    def model_json_schema(cls, *_: Any, **__: Any) -> dict[str, Any]:
        return dict(cls.shown)

    @model_validator(mode="before")
    @classmethod
    def _keeps_to_the_schema(cls, given: Any) -> Any:
        complaints: list[str] = []
        for error in cls.validator.iter_errors(given):  # pyright: ignore[reportUnknownMemberType]
            complaints.append(f"{'.'.join(map(str, error.absolute_path)) or 'arguments'} breaks {error.validator}")
            if len(complaints) == MOST_COMPLAINTS:
                break
        if complaints:
            raise ValueError("; ".join(complaints))
        return given


def arguments_of(name: str, schema: Mapping[str, JsonValue]) -> type[ForeignArguments]:
    """The class for one tool. Raises `UnfitDefinition`."""
    shown = cast("Schema", _Inliner(schema).put_in_place(dict(schema), 0, ()))
    if shown.get("type", "object") != "object":
        raise UnfitDefinition("its arguments are no object")
    shown = {"properties": {}, **shown, "type": "object"}
    checked = cast("dict[str, Any]", _without(shown, _UNCHECKED))
    try:
        Draft202012Validator.check_schema(checked)
    except (SchemaError, RecursionError) as error:
        raise UnfitDefinition("its schema is none") from error
    members = {"shown": shown, "validator": Draft202012Validator(checked, registry=Registry()), "__module__": __name__}
    return type(f"Arguments_{name}", (ForeignArguments,), members)


class _Inliner:
    def __init__(self, root: Mapping[str, JsonValue]) -> None:
        self._root = root
        self._nodes = 0

    def put_in_place(self, node: JsonValue, depth: int, within: tuple[str, ...]) -> JsonValue:
        self._nodes += 1
        if depth > MOST_DEPTH or self._nodes > MOST_NODES:
            raise UnfitDefinition("its schema is too large or too deep")
        if isinstance(node, list):
            return [self.put_in_place(item, depth + 1, within) for item in node]
        if not isinstance(node, dict):
            return node
        if "$dynamicRef" in node or "$recursiveRef" in node:
            raise UnfitDefinition("its schema refers to something that depends on where it stands")
        if "$ref" in node:
            return self._referred(node, depth, within)
        return {key: self._member(key, node[key], depth + 1, within) for key in node if key not in _UNSHOWN}

    def _member(self, key: str, value: JsonValue, depth: int, within: tuple[str, ...]) -> JsonValue:
        """Below `properties` the keys are names of fields, which may be any word."""
        if key == "properties" and isinstance(value, dict):
            return {name: self.put_in_place(field, depth + 1, within) for name, field in value.items()}
        return self.put_in_place(value, depth, within)

    def _referred(self, node: Schema, depth: int, within: tuple[str, ...]) -> JsonValue:
        reference = node["$ref"]
        if not isinstance(reference, str) or reference in within:
            raise UnfitDefinition("its schema contains itself")
        target = self._find(reference)
        beside = {key: value for key, value in node.items() if key != "$ref"}
        return self.put_in_place({**target, **beside}, depth + 1, (*within, reference))

    def _find(self, reference: str) -> Schema:
        found: JsonValue = dict(self._root)
        if not reference.startswith("#/"):
            raise UnfitDefinition("its schema refers to something outside of itself")
        for part in reference.removeprefix("#/").split("/"):
            found = found.get(part) if isinstance(found, dict) else None
        if not isinstance(found, dict):
            raise UnfitDefinition("its schema refers to something that it does not have")
        return found


def _without(node: JsonValue, left_out: frozenset[str], *, names: bool = False) -> JsonValue:
    """`names`: the keys of this object are names of fields, which may be anything."""
    if isinstance(node, list):
        return [_without(item, left_out) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _without(value, left_out, names=key == "properties" and not names)
        for key, value in node.items()
        if names or key not in left_out
    }
