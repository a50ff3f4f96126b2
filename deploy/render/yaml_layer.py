"""One layer as it stands in a YAML file, with the line of every key.

Stricter than YAML: a key that stands twice and an alias (`*name`) are refused, since a reader overlooks both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from ink_core.errors import InkError
from ink_core.settings.merging import KeyPath, Tree


class BadDeployment(InkError):
    """The deployment cannot be rendered; the text names file, line and key."""

    code = "bad_deployment"


@dataclass(frozen=True)
class Layer:
    """`lines` holds a line, from 1, for each key of a mapping that is not inside a list."""

    name: str
    tree: Tree
    lines: dict[KeyPath, int]

    def where(self, key: KeyPath) -> str:
        return f"{self.name}:{self.lines[key]}" if key in self.lines else self.name


def read_layer(file: Path, name: str | None = None) -> Layer:
    """Raises `BadDeployment`."""
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadDeployment(f"{file} cannot be read: {error}") from None
    return parse_layer(text, name or str(file))


def parse_layer(text: str, name: str) -> Layer:
    """Raises `BadDeployment`."""
    loader = yaml.SafeLoader(text)
    try:
        node: yaml.Node | None = loader.get_single_node()  # pyright: ignore[reportUnknownMemberType]
        if node is None:
            return Layer(name, {}, {})
        if not isinstance(node, yaml.MappingNode):
            raise BadDeployment(f"{name}: a mapping of sections is wanted")
        _refuse_aliases(node, name)
        lines = dict(_lines(node, (), name))
        return Layer(name, cast(Tree, loader.construct_document(node)), lines)  # pyright: ignore[reportUnknownMemberType]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadDeployment(f"{name}:{line}: this is not YAML: {error.problem}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise BadDeployment(f"{name}: this is not YAML: {error}") from None
    finally:
        loader.dispose()  # pyright: ignore[reportUnknownMemberType]


def _lines(node: yaml.MappingNode, at: KeyPath, name: str) -> Iterator[tuple[KeyPath, int]]:
    seen: set[str] = set()
    for key, value in _pairs(node):
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or key.tag != "tag:yaml.org,2002:str":
            raise BadDeployment(f"{name}:{line}: a key must be a text; put it into quotes")
        word = str(key.value)
        if word in seen:
            raise BadDeployment(f"{name}:{line}: {'.'.join((*at, word))} stands twice")
        seen.add(word)
        yield (*at, word), line
        if isinstance(value, yaml.MappingNode):
            yield from _lines(value, (*at, word), name)


def _refuse_aliases(root: yaml.Node, name: str) -> None:
    waiting, seen = [root], set[int]()
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.CollectionNode) and id(node) in seen:
            raise BadDeployment(f"{name}:{node.start_mark.line + 1}: an alias (*name) repeats this; write it out")
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            waiting.extend(part for pair in _pairs(node) for part in pair)
        elif isinstance(node, yaml.SequenceNode):
            waiting.extend(cast(list[yaml.Node], node.value))


def _pairs(node: yaml.MappingNode) -> list[tuple[yaml.Node, yaml.Node]]:
    return cast(list[tuple[yaml.Node, yaml.Node]], cast(Any, node).value)
