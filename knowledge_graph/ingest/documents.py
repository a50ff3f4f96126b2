"""Passages of documents as facts, tied to what they name.

A passage is about a thing whose name stands in it. Names that look like no word of a text (`submit_job`, `BES`,
`/cvmfs`) count anywhere; a plain word, such as a cluster that is called `local`, only as code between backticks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from knowledge_graph.facts import Attribute, Edge, Fact, Layer, NodeId, NodeKind, Origin, Relation, name_of, node_id
from knowledge_graph.ingest.catalogue import PUBLIC
from knowledge_graph.markdown import Passage

MOST_NAMED = 20
"""Things that one passage is about, those that it names most often: a list of everything is about nothing."""
LONGEST_TEXT = 8_000

_TOKEN = re.compile(r"[A-Za-z0-9_/][A-Za-z0-9_./@-]*")
_CODE = re.compile(r"`([^`\n]+)`")
_PLAIN = re.compile(r"[A-Za-z]?[a-z]*")


def names_of(nodes: Iterable[NodeId]) -> Mapping[str, NodeId]:
    """Names by which passages speak of these nodes, without those of one or two letters."""
    return {name: node for node in nodes if len(name := name_of(node)) > 2}


def facts_of_passages(
    passages: Iterable[Passage], names: Mapping[str, NodeId], at: datetime, source: str = "documents@library"
) -> Iterator[Fact]:
    """Numbered per file, from 1."""
    origin = Origin(source, Layer.SEMANTICS, at, label=PUBLIC)
    numbers = Counter[str]()
    for passage in passages:
        numbers[passage.path] += 1
        subject = node_id(NodeKind.PASSAGE, f"{passage.path}#{numbers[passage.path]}")
        yield Attribute(subject, "title", passage.title, origin)
        yield Attribute(subject, "text", passage.text[:LONGEST_TEXT], origin)
        for node in named_in(f"{passage.title}\n{passage.text}", names):
            yield Edge(subject, Relation.ABOUT, node, origin)


def named_in(text: str, names: Mapping[str, NodeId]) -> Sequence[NodeId]:
    """What the text names, most often first."""
    code = Counter(token for piece in _CODE.findall(text) for token in _tokens(piece))
    anywhere = Counter(token for token in _tokens(text) if not _PLAIN.fullmatch(token))
    found = Counter[NodeId]()
    for token, number in (code | anywhere).items():
        if token in names:
            found[names[token]] += number
    return sorted(found, key=lambda node: (-found[node], node))[:MOST_NAMED]


def _tokens(text: str) -> Iterator[str]:
    """Without the full stop or slash that a sentence put behind it."""
    return (token.rstrip("./-") or token for token in _TOKEN.findall(text))
