"""What a contribution has to be before it is taken: within the bounds, about things that can exist. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge_graph.contributions.contribution import MAX_ABOUT, MAX_TEXT_BYTES, MAX_TITLE, Content, ContributionKind
from knowledge_graph.contributions.faults import BadContribution
from knowledge_graph.facts import NodeId, NodeKind

MAX_NODE_CHARACTERS = 512
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
        if kind not in _KINDS or not name or len(node) > MAX_NODE_CHARACTERS or not node.isprintable():
            raise BadContribution(
                f"{node[:100]!r} names nothing; write KIND:NAME, where KIND is one of {', '.join(sorted(_KINDS))}"
            )


def _check_value(kind: ContributionKind, content: Content) -> None:
    if kind is not ContributionKind.FACT or len(content.about) != 1:
        raise BadContribution("an attribute with a value is for a fact about exactly one thing")
    if not _ATTRIBUTE.fullmatch(content.attribute) or content.value == "":
        raise BadContribution("an attribute is a name in lower-case letters, digits and _, and has a value")
