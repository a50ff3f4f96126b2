"""What a question asks for, in English and Chinese: which attributes, relations and kinds of nodes answer it. Pure.

A table of words, not understanding: a question whose words are in no row is answered by what is near to what it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from knowledge_graph.facts import NodeKind, Relation
from knowledge_graph.retrieval.aspects import ASPECTS
from knowledge_graph.words import telling_words

_WORD = re.compile(r"[a-z][a-z']*")


@dataclass(frozen=True)
class Asked:
    """Names of attributes (without units), relations and kinds that the question wants, and values that it names.

    `words` are its telling words, `hints` those of what was found first, such as the reason of a job. `mine`: it says
    "my"; `trouble`: it wants to hear what is wrong.
    """

    attributes: frozenset[str]
    relations: frozenset[Relation]
    kinds: frozenset[NodeKind]
    values: frozenset[str]
    words: frozenset[str]
    hints: frozenset[str]
    mine: bool
    trouble: bool

    def wants(self, attribute: str) -> bool:
        """`memory_peak` wants `measured_memory_peak_mb` too."""
        parts = frozenset(attribute.split("_"))
        return any(parts.issuperset(wanted.split("_")) for wanted in self.attributes)

    def hinted(self, text: str) -> Asked:
        """With what this text, found in answer to the question, is about."""
        hint = asked(text)
        return replace(
            self,
            attributes=self.attributes | hint.attributes,
            relations=self.relations | hint.relations,
            kinds=self.kinds | hint.kinds,
            hints=hint.words,
        )


def asked(text: str) -> Asked:
    lower = text.lower()
    english = frozenset(_WORD.findall(lower))
    found = [aspect for aspect in ASPECTS if _says(lower, english, aspect.english, aspect.chinese)]
    return Asked(
        attributes=frozenset(name for aspect in found for name in aspect.attributes),
        relations=frozenset(relation for aspect in found for relation in aspect.relations),
        kinds=frozenset(kind for aspect in found for kind in aspect.kinds),
        values=frozenset(value for aspect in found for value in aspect.values),
        words=frozenset(telling_words(text)),
        hints=frozenset(),
        mine=_says(lower, english, _MINE, ("我", "本人")),
        trouble=not found or any(aspect.trouble for aspect in found),
    )


_MINE = frozenset({"my", "mine", "i", "me", "our", "we"})


def _says(lower: str, words: frozenset[str], english: frozenset[str], chinese: Iterable[str]) -> bool:
    return not english.isdisjoint(words) or any(word in lower for word in chinese)
