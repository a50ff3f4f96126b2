"""What a contribution has to be before it is taken: within the bounds, about things that can exist. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge_graph.contributions.contribution import MAX_ABOUT, MAX_TEXT_BYTES, MAX_TITLE, Content, ContributionKind
from knowledge_graph.contributions.faults import BadContribution
from knowledge_graph.facts import NodeId, NodeKind, Scalar, kind_of

MAX_NODE_CHARACTERS = 512
MAX_VALUE_CHARACTERS = 1_000
MAX_NUMBER = 2**63 - 1
_SPEAK_FOR_THEMSELVES = frozenset({
    NodeKind.RULE, NodeKind.TOOL, NodeKind.SKILL, NodeKind.ERROR, NodeKind.PASSAGE, NodeKind.ALERT, NodeKind.INCIDENT,
    NodeKind.CORRECTION, NodeKind.DECISION, NodeKind.FINDING, NodeKind.RUNBOOK, NodeKind.TASK,
})  # fmt: skip
"""What the platform or somebody else has written: one writes about it, and does not put words into it."""
_ATTRIBUTE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_KINDS = frozenset(NodeKind)


def check(kind: ContributionKind, content: Content) -> None:
    """Raises `BadContribution`, which says what is wrong and what would do."""
    if not content.title.strip() or len(content.title) > MAX_TITLE:
        raise BadContribution(f"a title has 1 to {MAX_TITLE} characters")
    if len(content.text.encode(errors="replace")) > MAX_TEXT_BYTES:
        raise BadContribution(f"a text has at most {MAX_TEXT_BYTES} bytes; contribute it in parts")
    if not content.text.strip():
        raise BadContribution("a contribution has a text")
    _check_about(content.about)
    if content.attribute or content.value != "":
        _check_value(kind, content)


def _check_about(about: Sequence[NodeId]) -> None:
    if len(about) > MAX_ABOUT:
        raise BadContribution(f"a contribution is about at most {MAX_ABOUT} things")
    for node in about:
        kind, _, name = node.partition(":")
        if kind not in _KINDS or not name or len(node) > MAX_NODE_CHARACTERS or not _is_plain(node):
            raise BadContribution(
                f"{node[:100]!r} names nothing; write KIND:NAME, where KIND is one of {', '.join(sorted(_KINDS))}"
            )


def _check_value(kind: ContributionKind, content: Content) -> None:
    if kind is not ContributionKind.FACT or len(content.about) != 1:
        raise BadContribution("an attribute with a value is for a fact about exactly one thing")
    if not _ATTRIBUTE.fullmatch(content.attribute) or content.value == "":
        raise BadContribution("an attribute is a name in lower-case letters, digits and _, and has a value")
    if kind_of(content.about[0]) in _SPEAK_FOR_THEMSELVES:
        raise BadContribution(f"nobody gives an attribute to {content.about[0]}; write a text about it")
    if not _fits(content.value):
        raise BadContribution(f"a value has at most {MAX_VALUE_CHARACTERS} characters; a number is finite, of 63 bits")


def _is_plain(node: NodeId) -> bool:
    """In a context pack, parentheses behind a node say who says something of it."""
    return node.isprintable() and not {"(", ")"}.intersection(node)


def _fits(value: Scalar) -> bool:
    return len(value) <= MAX_VALUE_CHARACTERS if isinstance(value, str) else -MAX_NUMBER <= value <= MAX_NUMBER
