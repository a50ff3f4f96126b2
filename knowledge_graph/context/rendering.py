"""How facts are written in a pack: under a heading for each node and source, one line for each fact. Pure.

A value is one line, whatever its author wrote: what it says cannot look like another fact or another heading.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ink_core.labels import Integrity
from knowledge_graph.context.token_estimate import tokens
from knowledge_graph.facts import Attribute, Fact, NodeId, Origin, Scalar
from knowledge_graph.words import words

UNITS = ((86400, "d"), (3600, "h"), (60, "min"))

_BLANK = re.compile(r"\s+")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？；])\s*|\n+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")


def heading(node: NodeId, origin: Origin, age_s: float) -> str:
    """The node, and in brackets the source, how old it is, and what else there is to know before one believes it."""
    notes = [origin.source, age(age_s)]
    if origin.confidence < 1:
        notes.append(f"confidence {origin.confidence:.2g}")
    if origin.label.integrity is Integrity.UNTRUSTED:
        notes.append("untrusted")
    return f"{one_line(node)} ({one_line(', '.join(notes))})\n"


def line(fact: Fact, asked: frozenset[str], most_tokens: int) -> str:
    """`name: value`; of a long text the part that has the words of the question."""
    if isinstance(fact, Attribute):
        return f" {one_line(fact.name)}: {_value(fact.value, asked, most_tokens)}\n"
    return f" {fact.relation.value} {one_line(fact.target)}\n"


def age(age_s: float) -> str:
    seconds = int(age_s)
    return next((f"{seconds // size} {unit}" for size, unit in UNITS if seconds >= size), f"{seconds} s")


def one_line(text: str) -> str:
    return _BLANK.sub(" ", _CONTROL.sub(" ", text)).strip()


def _value(value: Scalar, asked: frozenset[str], most_tokens: int) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, str):
        return f"{value:.6g}" if isinstance(value, float) else str(value)
    whole = one_line(value)
    return whole if tokens(whole) <= most_tokens else _excerpt(value, asked, most_tokens)


def _excerpt(text: str, asked: frozenset[str], most_tokens: int) -> str:
    """Whole sentences in their order, those with most of the question's words first; at least the head of one."""
    sentences = [one_line(sentence) for sentence in _SENTENCE.split(text) if sentence.strip()]
    best = sorted(range(len(sentences)), key=lambda place: (-_hits(sentences[place], asked), place))
    kept, left = list[int](), most_tokens - 2
    for place in best:
        if (cost := tokens(sentences[place])) <= left:
            kept.append(place)
            left -= cost
    if not kept:
        return _head(sentences[best[0]] if best else "", most_tokens)
    return _joined(sentences, sorted(kept))


def _joined(sentences: Sequence[str], kept: Sequence[int]) -> str:
    text, last = "", -1
    for place in kept:
        gap = "" if not text and place == 0 else " " if place == last + 1 else " … "
        text, last = f"{text}{gap}{sentences[place]}", place
    return text.strip() + (" …" if last < len(sentences) - 1 else "")


def _head(sentence: str, most_tokens: int) -> str:
    kept = len(sentence) * max(most_tokens - 2, 1) // tokens(sentence)
    return f"{sentence[:kept]} …"


def _hits(sentence: str, asked: frozenset[str]) -> int:
    return len(asked.intersection(words(sentence)))
