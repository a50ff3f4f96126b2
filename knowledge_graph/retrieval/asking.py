"""What a question asks for, in English and Chinese: which attributes, relations and kinds of nodes answer it. Pure.

A table of words, not understanding: a question whose words are in no row is answered by what is near to what it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge_graph.facts import NodeKind, Relation
from knowledge_graph.retrieval.aspects import ASPECTS, Aspect
from knowledge_graph.words import telling_words

_WORD = re.compile(r"[a-z][a-z']*")


@dataclass(frozen=True)
class Asked:
    """Names of attributes, relations and kinds that the question wants, and its telling words.

    `mine`: it says "my". `health`: it asks what is wrong, here or at all.
    """

    attributes: frozenset[str]
    relations: frozenset[Relation]
    kinds: frozenset[NodeKind]
    words: frozenset[str]
    mine: bool
    health: bool


def asked(text: str) -> Asked:
    lower = text.lower()
    english = frozenset(_WORD.findall(lower))
    found = [aspect for aspect in ASPECTS if _says(lower, english, aspect.english, aspect.chinese)]
    return Asked(
        attributes=frozenset(name for aspect in found for name in aspect.attributes),
        relations=frozenset(relation for aspect in found for relation in aspect.relations),
        kinds=frozenset(kind for aspect in found for kind in aspect.kinds),
        words=frozenset(telling_words(text)),
        mine=_says(lower, english, _MINE, ("我", "本人")),
        health=any(aspect.health for aspect in found),
    )


_MINE = frozenset({"my", "mine", "i", "me", "our", "we"})


def _says(lower: str, words: frozenset[str], english: frozenset[str], chinese: Iterable[str]) -> bool:
    return not english.isdisjoint(words) or any(word in lower for word in chinese)


__all__ = ["Asked", "Aspect", "asked"]
