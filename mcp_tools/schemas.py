"""JSON schemas of a tool's input and output as models and MCP clients get them: self-contained and short.

References are put in place, because weak models do not follow them; titles, which only repeat names, are left out; an
input that may be null is shown as one that may be missing (null is still taken). How long a text or a list may be,
which no model counts, and bounds of a number that nobody comes near by good sense are said only to one that broke them.
Limits: for types that do not contain themselves, as all tool types are. Each is made once (that takes milliseconds, and
clients ask with every request), so nobody may change what they get.
"""

from __future__ import annotations

from functools import cache
from typing import cast

from pydantic import JsonValue

from mcp_tools.spec import ToolSpec, ToolValue

Schema = dict[str, JsonValue]
LENGTHS = ("minLength", "maxLength", "maxItems", "maxProperties")
FAR = 10_000
NOTHING: tuple[JsonValue, ...] = (False, "", [], {})
"""Defaults that are what one gets who leaves something out."""
NATURAL = {"minimum": (0, 1), "exclusiveMinimum": (0,)}


@cache
def input_schema(spec: ToolSpec) -> Schema:
    return cast("Schema", _without_null(_schema(spec.input)))


@cache
def offered_schema(spec: ToolSpec) -> Schema:
    """The input's, as our own model gets it with every request.

    That it is closed goes without saying for all of them, and a model that breaks a pattern is told.
    """
    fields = cast("dict[str, Schema]", input_schema(spec)["properties"])
    shown = {name: {key: value for key, value in field.items() if key != "pattern"} for name, field in fields.items()}
    whole = {key: value for key, value in input_schema(spec).items() if key != "additionalProperties"}
    return {**whole, "properties": cast("JsonValue", shown)}


@cache
def output_schema(spec: ToolSpec) -> Schema:
    return _schema(spec.output)


def _schema(model: type[ToolValue]) -> Schema:
    full = cast("Schema", model.model_json_schema())
    definitions = cast("dict[str, Schema]", full.pop("$defs", {}))
    full.pop("description", None)
    return cast("Schema", _inlined(full, definitions))


def _inlined(node: JsonValue, definitions: dict[str, Schema]) -> JsonValue:
    if isinstance(node, list):
        return [_inlined(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref")
    if isinstance(reference, str):
        target = definitions[reference.removeprefix("#/$defs/")]
        if "enum" in target:  # its words speak for themselves; what is said of their type is for developers
            target = {key: value for key, value in target.items() if key != "description"}
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    return {key: _member(key, value, definitions) for key, value in node.items() if not _is_title(key, value)}


def _member(key: str, value: JsonValue, definitions: dict[str, Schema]) -> JsonValue:
    """Below `properties` the keys are field names, so that a field called `title` stays."""
    if key == "properties" and isinstance(value, dict):
        return {name: _inlined(field, definitions) for name, field in value.items()}
    return _inlined(value, definitions)


def _is_title(key: str, value: JsonValue) -> bool:
    return key == "title" and isinstance(value, str)


def _without_null(node: JsonValue) -> JsonValue:
    if isinstance(node, list):
        return [_without_null(item) for item in node]
    if not isinstance(node, dict):
        return node
    shown = {
        key: _without_null(value) for key, value in node.items() if key != "properties" and not _goes_unsaid(key, value)
    }
    if isinstance(properties := node.get("properties"), dict):
        shown["properties"] = {name: _not_null(cast("Schema", field)) for name, field in properties.items()}
    return shown


def _goes_unsaid(key: str, value: JsonValue) -> bool:
    far = key == "maximum" and isinstance(value, int | float) and value >= FAR
    return far or key in LENGTHS or value in NATURAL.get(key, ()) or (key == "default" and value in NOTHING)


def _not_null(field: Schema) -> Schema:
    choices = cast("list[Schema]", field.get("anyOf", []))
    given = [choice for choice in choices if choice != {"type": "null"}]
    if len(given) != 1 or len(given) == len(choices):
        return cast("Schema", _without_null(field))
    named = {key: value for key, value in field.items() if key not in ("anyOf", "default")}
    return cast("Schema", _without_null({**given[0], **named}))
