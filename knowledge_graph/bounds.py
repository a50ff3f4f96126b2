"""What the global model takes: nothing that has no end, no name or no JSON. Pure."""

from __future__ import annotations

import math
import re

from ink_core.errors import BadInput
from knowledge_graph.facts import Attribute, Fact, NodeKind

MAX_ID_CHARACTERS = 1_024
MAX_TEXT_CHARACTERS = 65_536
MAX_FACTS = 2_000_000

_KINDS = frozenset(kind.value for kind in NodeKind)
_ATTRIBUTE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class FactRefused(BadInput):
    """The fact is none that the model keeps."""

    code = "fact_refused"


def check(fact: Fact) -> None:
    """Raises `FactRefused`, which says what is wrong, for a fact that the model would leave out."""
    if reason := problem_of(fact):
        raise FactRefused(f"The fact cannot be kept: {reason}.")


def problem_of(fact: Fact) -> str:
    """Nothing for a good fact."""
    if isinstance(fact, Attribute):
        problem = _bad_node(fact.subject) or _bad_attribute(fact)
    else:
        problem = _bad_node(fact.subject) or _bad_node(fact.target)
    return problem or _bad_source(fact.origin.source)


def _bad_node(node: str) -> str:
    kind, _, name = node.partition(":")
    if kind not in _KINDS or not name:
        return "a node is named by a known kind, a colon and a name"
    if len(node) > MAX_ID_CHARACTERS:
        return f"a node's name has at most {MAX_ID_CHARACTERS:,} characters"
    return "a node's name has no control characters" if _CONTROL.search(node) else ""


def _bad_attribute(fact: Attribute) -> str:
    if not _ATTRIBUTE.fullmatch(fact.name):
        return "an attribute's name is at most 64 lower-case letters, digits and underscores"
    value = fact.value
    if isinstance(value, str) and len(value) > MAX_TEXT_CHARACTERS:
        return f"a value has at most {MAX_TEXT_CHARACTERS:,} characters; put a longer text into passages"
    return "a number is finite" if isinstance(value, float) and not math.isfinite(value) else ""


def _bad_source(source: str) -> str:
    return "" if 0 < len(source) <= MAX_ID_CHARACTERS else f"a source has 1 to {MAX_ID_CHARACTERS:,} characters"
