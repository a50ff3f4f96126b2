"""YAML with the line and column of everything in it, and nothing in it that a policy does not need.

Only mappings, lists, text, numbers, booleans and null; no aliases, no tags, no key twice. Limits: `MAX_BYTES`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import yaml

MAX_BYTES = 256 * 1024
MOST_NUMBER = 2**63
"""What is larger fits no record; not a number and infinity are larger, too."""
_TAG = "tag:yaml.org,2002:"
_PLAIN = frozenset(f"{_TAG}{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq"))
Way = tuple[str | int, ...]
"""Keys and positions from the top of the document."""


@dataclass(frozen=True)
class Place:
    """Counted from 1."""

    line: int
    column: int


@dataclass
class Source:
    """The plain data of a file. `keys` and `values` say where each stands."""

    data: Any = None
    keys: dict[Way, Place] = field(default_factory=dict[Way, Place])
    values: dict[Way, Place] = field(default_factory=dict[Way, Place])

    def place(self, way: Way) -> Place:
        """Of the key for what should not be there, else of the nearest value that is there."""
        while way and way not in self.values:
            way = way[:-1]
        return self.values.get(way, Place(1, 1))


class NotPlain(Exception):
    """What the file holds is no plain YAML; the text says what to do."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message)
        self.place = place


def read_yaml(text: str) -> Source:
    """Raises `NotPlain`."""
    if len(text) > MAX_BYTES:
        raise NotPlain(f"it is larger than the {MAX_BYTES // 1024} KiB that a policy may have", Place(1, 1))
    loader = _Loader(text)
    source = Source()
    try:
        root = loader.get_single_node()
        source.data = _plain(loader, root, (), source) if root else None
    except yaml.MarkedYAMLError as error:
        raise NotPlain(f"is not YAML: {error.problem}", _at(error.problem_mark or error.context_mark)) from error
    except yaml.YAMLError as error:
        raise NotPlain(f"is not YAML: {error}", Place(1, 1)) from error
    except RecursionError as error:
        raise NotPlain("is nested too deeply for a policy", Place(1, 1)) from error
    finally:
        loader.dispose()
    return source


class _Loader(yaml.SafeLoader):
    """Safe, and without aliases: a few of them in each other are gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = cast("Any", self).peek_event().start_mark
            raise yaml.MarkedYAMLError(problem="aliases are not for policies; write it out", problem_mark=mark)
        return super().compose_node(parent, index)


def _plain(loader: _Loader, node: yaml.Node, way: Way, source: Source) -> Any:
    source.values[way] = _at(node.start_mark)
    if node.tag not in _PLAIN:
        kind = node.tag.removeprefix(_TAG)
        raise NotPlain(f"{kind} is not for policies; put it in quotes if it is text", source.values[way])
    if isinstance(node, yaml.MappingNode):
        return _mapping(loader, node, way, source)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(loader, item, (*way, number), source) for number, item in enumerate(node.value)]
    try:
        value = cast("Any", loader).construct_object(node)
    except (ValueError, OverflowError) as error:
        raise NotPlain(f"is not YAML: {error}", source.values[way]) from error
    if isinstance(value, int | float) and not abs(value) <= MOST_NUMBER:
        raise NotPlain("a number this large, or none at all, is not for policies", source.values[way])
    return value


def _mapping(loader: _Loader, node: yaml.MappingNode, way: Way, source: Source) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key, place = key_node.value, _at(key_node.start_mark)
        if key_node.tag != f"{_TAG}str":
            raise NotPlain("a key must be text; put it in quotes", place)
        if key in data:
            raise NotPlain(f"the key {key!r} is given twice", place)
        source.keys[(*way, key)] = place
        data[key] = _plain(loader, value_node, (*way, key), source)
    return data


def _at(mark: yaml.Mark | None) -> Place:
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
