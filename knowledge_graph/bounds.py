"""What the global model takes: nothing that has no end, no name or no JSON. Pure."""

from __future__ import annotations

import math
import re

from ink_core.errors import BadInput
from knowledge_graph.changes import Observation
from knowledge_graph.facts import Attribute, Fact, NodeKind, Origin

MAX_ID_CHARACTERS = 1_024
MAX_FACT_ID_CHARACTERS = 4 * MAX_ID_CHARACTERS
MAX_TEXT_CHARACTERS = 65_536
MAX_INTEGER = 2**63 - 1
MAX_FACTS = 2_000_000

_KINDS = frozenset(kind.value for kind in NodeKind)
_ATTRIBUTE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_HALF = re.compile(r"[\ud800-\udfff]")


class FactRefused(BadInput):
    """The fact is none that the model keeps."""

    code = "fact_refused"


def check(fact: Fact) -> None:
    """Raises `FactRefused`, which says what is wrong, for a fact that the model would leave out."""
    if reason := problem_of(fact):
        raise FactRefused(f"The fact cannot be kept: {reason}.")


def check_observation(observation: Observation) -> None:
    """Raises `BadInput` where a fact is of another source."""
    if any(fact.origin.source != observation.source for fact in observation.facts):
        raise BadInput(f"An observation of {observation.source} holds facts of other sources.")


def problem_of(fact: Fact) -> str:
    """Nothing for a good fact."""
    if isinstance(fact, Attribute):
        problem = _bad_node(fact.subject) or _bad_attribute(fact)
    else:
        problem = _bad_node(fact.subject) or _bad_node(fact.target)
    return problem or _bad_origin(fact.origin)


def _bad_node(node: str) -> str:
    kind, _, name = node.partition(":")
    if kind not in _KINDS or not name:
        return "a node is named by a known kind, a colon and a name"
    if len(node) > MAX_ID_CHARACTERS:
        return f"a node's name has at most {MAX_ID_CHARACTERS:,} characters"
    return "a node's name has no control or half characters" if _CONTROL.search(node) else ""


def _bad_attribute(fact: Attribute) -> str:
    if not _ATTRIBUTE.fullmatch(fact.name):
        return "an attribute's name is at most 64 lower-case letters, digits and underscores"
    value = fact.value
    if not isinstance(value, str | int | float):  # pyright: ignore[reportUnnecessaryIsInstance] - it comes from afar
        return "a value is a text, a number, or true or false"
    return _bad_text(value) if isinstance(value, str) else _bad_number(value)


def _bad_text(text: str) -> str:
    if len(text) > MAX_TEXT_CHARACTERS:
        return f"a value has at most {MAX_TEXT_CHARACTERS:,} characters; put a longer text into passages"
    return "a text is Unicode, without half characters" if not text.isascii() and _HALF.search(text) else ""


def _bad_number(value: float) -> str:
    if isinstance(value, int):
        return "" if -MAX_INTEGER <= value <= MAX_INTEGER else "a whole number has 63 bits"
    return "" if math.isfinite(value) else "a number is finite"


def _bad_origin(origin: Origin) -> str:
    if not 0 < len(origin.source) <= MAX_ID_CHARACTERS or _HALF.search(origin.source):
        return f"a source has 1 to {MAX_ID_CHARACTERS:,} characters"
    if origin.observed_at.tzinfo is None or (origin.expires_at and origin.expires_at.tzinfo is None):
        return "times have a zone"
    return "" if 0 <= origin.confidence <= 1 else "confidence is from 0 to 1"
