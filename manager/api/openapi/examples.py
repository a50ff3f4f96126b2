"""Example values that fit a schema, put together from the values that the fields of the interface have by name."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from manager.api.openapi.tables import table

Schema = Mapping[str, Any]


class NoExample(ValueError):
    """A field whose name nobody has given a value yet."""


class Examples:
    """`schemas` are the document's own, by name."""

    def __init__(self, schemas: Mapping[str, Schema]) -> None:
        self._schemas = schemas
        self._fields: Mapping[str, Any] = table("examples")["fields"]
        self._models: Mapping[str, Any] = table("examples")["models"]

    def of(self, schema: Schema, *names: str, asked: bool = False) -> Any:
        """`names` are those of the field, the closest first. `asked`: of a request only what it must have is shown.

        Raises `NoExample`.
        """
        for name in names:
            if name in self._fields and _may_be(self._resolved(schema), self._fields[name]):
                return deepcopy(self._fields[name])
        if "$ref" in schema:
            model = str(schema["$ref"]).rpartition("/")[2]
            return deepcopy(self._models[model]) if model in self._models else self._made(model, names, asked=asked)
        if variants := schema.get("anyOf") or schema.get("oneOf"):
            return self.of(variants[0], *names, asked=asked)
        return self._plain(schema, names, asked=asked)

    def _made(self, model: str, names: tuple[str, ...], *, asked: bool) -> Any:
        schema = self._schemas[model]
        if schema.get("type") != "object":
            return self._plain(schema, names, asked=asked)
        wanted = schema.get("required", ()) if asked else schema.get("properties", {})
        properties = schema.get("properties", {})
        return {name: self.of(properties[name], f"{model}.{name}", name, asked=asked) for name in wanted}

    def _plain(self, schema: Schema, names: tuple[str, ...], *, asked: bool) -> Any:
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return schema["enum"][0]
        if schema.get("type") == "array" and "$ref" in schema.get("items", {}):
            return [self.of(schema["items"], *names, asked=asked)]
        if schema.get("type") == "object":
            return {}
        if "default" in schema:
            return schema["default"]
        if schema.get("type") == "boolean":
            return False
        raise NoExample(f"give {' or '.join(names) or 'this'} an example value in manager/api/openapi/examples.yaml")

    def _resolved(self, schema: Schema) -> Schema:
        return self._schemas[str(schema["$ref"]).rpartition("/")[2]] if "$ref" in schema else schema


_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}


def _may_be(schema: Schema, value: Any) -> bool:
    """Whether the value is of a type that the schema takes: one name may be a number here and a list there."""
    variants = schema.get("anyOf") or schema.get("oneOf")
    if variants:
        return any(_may_be(variant, value) for variant in variants)
    if "$ref" in schema:
        return isinstance(value, str | dict)
    if value is None:
        return schema.get("type", "null") == "null"
    if "enum" in schema:
        return value in schema["enum"]
    named = schema.get("type")
    if named == "array" and "$ref" in schema.get("items", {}):
        return False
    return named in (None, _TYPES[type(value)]) or (named == "number" and isinstance(value, int))
