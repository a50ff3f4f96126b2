"""A model that decides by what its context says and nothing else: a stand-in for one that reads with understanding.

It does what is usual for the reason that the job is held for. A correction it follows where it speaks of that very
reason and of a group or file system that the context ties the job to; it takes the first such one.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Iterator, Mapping

from bench.corrections.cases import CLUSTER, FAMILIES, Case
from knowledge_graph.facts import name_of
from manager.agent.model import ModelReply, ModelRequest, TextDelta, TrustClass, UserTurn

UNDECIDED = "undecided"

_JOB = re.compile(r"\d+\.\d+")
_CORRECTION = re.compile(
    r"Wrong: \w+ was decided .*? with (?P<reason>.*?) Right: for (?P<special>\S+) decide (?P<other>\w+)"
)


class Decider:
    """Implements `ChatModel`."""

    name = "decider"
    trust = TrustClass.SITE

    async def stream(self, request: ModelRequest) -> AsyncGenerator[TextDelta | ModelReply, None]:
        question = next(turn.text for turn in reversed(request.turns) if isinstance(turn, UserTurn))
        yield ModelReply(decide(question, request.context), ())


def wrong_and_right(case: Case) -> tuple[str, str]:
    """What a person says of the usual decision in this case."""
    special = name_of(case.special)
    wrong = f"{case.family.usual} was decided for a job of {special} with {case.family.reason}"
    return wrong, f"for {special} decide {case.right}, {case.family.why}."


def decide(question: str, context: str) -> str:
    job = _JOB.search(question)
    said = _by_node(context)
    own = said.get(f"job:{CLUSTER}/{job.group()}", "") if job else ""
    for text in said.values():
        for told in _CORRECTION.finditer(text):
            if told["reason"] in own and re.search(rf":{re.escape(told['special'])}\b", own):
                return told["other"]
    return next((family.usual for family in FAMILIES if family.reason in own), UNDECIDED)


def _by_node(context: str) -> Mapping[str, str]:
    """What the context says under each node, in its order."""
    said: dict[str, str] = {}
    for node, line in _lines(context):
        said[node] = f"{said.get(node, '')}{line}\n"
    return said


def _lines(context: str) -> Iterator[tuple[str, str]]:
    node = ""
    for line in context.splitlines():
        if line.startswith(" "):
            yield node, line
        else:
            node = line.partition(" (")[0]
