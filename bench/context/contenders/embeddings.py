"""Embeddings alone: nodes by the similarity of all that is said of them, their facts by that of what they say.

One vector per node that is no slot (which spares it 64,000 that answer nothing), from its facts as written; and one per
name of an attribute or relation. A fact is worth the sum of the two similarities. Embedding each of 800,000 facts would
take hours on two cores.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.context.questions.question import BenchQuestion
from bench.locked_environment import LockedEnvironment
from knowledge_graph.facts import Attribute, Fact, NodeId, NodeKind
from knowledge_graph.reading import ReadableModel
from knowledge_graph.view import View

EMBEDDINGS = LockedEnvironment("embeddings")
PROGRAM = Path(__file__).with_name("embedder.py")
MAX_CHARACTERS = 400


class Embeddings:
    """Raises `CalledProcessError` where the interpreter with the model cannot be installed."""

    def __init__(self, model: ReadableModel, questions: Sequence[BenchQuestion], now: datetime) -> None:
        kinds = [kind for kind in NodeKind if kind is not NodeKind.SLOT]
        told = {node: model.facts(node, now) for kind in kinds for node in model.nodes(kind)}
        self._nodes = list(told)
        self._phrases = sorted({_phrase(fact) for facts in told.values() for fact in facts})
        texts = list(dict.fromkeys(one.question.text for one in questions))
        documents = [_document(node, facts) for node, facts in told.items()]
        answers = _embedded(documents, self._phrases, texts)
        self._answers: Mapping[str, Any] = dict(zip(texts, answers, strict=True))

    def __call__(self, question: BenchQuestion, view: View) -> Iterator[Fact]:
        answer = self._answers[question.question.text]
        phrases = dict(zip(self._phrases, answer["phrases"], strict=True))
        near = [(self._nodes[number], similarity) for number, similarity in answer["documents"]]
        scored = [(similarity + phrases[_phrase(fact)], fact) for node, similarity in near for fact in view.facts(node)]
        return (fact for _, fact in sorted(scored, key=lambda one: (-one[0], one[1].id)))


def _document(node: NodeId, facts: Sequence[Fact]) -> str:
    said = "; ".join(f"{_phrase(fact)} {fact.value if isinstance(fact, Attribute) else fact.target}" for fact in facts)
    return f"{node.replace(':', ' ')}: {said}"[:MAX_CHARACTERS]


def _phrase(fact: Fact) -> str:
    return (fact.name if isinstance(fact, Attribute) else fact.relation.value).replace("_", " ")


def _embedded(documents: Sequence[str], phrases: Sequence[str], questions: Sequence[str]) -> Sequence[Any]:
    given = json.dumps({"documents": documents, "phrases": phrases, "questions": questions})
    command = [EMBEDDINGS.install(), "-I", PROGRAM]
    done = subprocess.run(command, input=given, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)
