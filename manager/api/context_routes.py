"""What an agent of the one who asks would be told of the site for a question, and why: the context pack, explained."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from ink_core.api.area import Area
from ink_core.labels import Confidentiality, Integrity
from knowledge_graph.context.pack import PackedFact
from manager.agent.context import MAX_QUESTION
from manager.api.platform import Parts
from manager.api.streams import User

router = Area(prefix="/api/v1/context", tags=["knowledge"])


class ContextQuestion(BaseModel):
    model_config = ConfigDict(extra="forbid")

    question: str = Field(min_length=1, max_length=MAX_QUESTION)
    tokens: int = Field(default=1000, ge=1, le=20_000, description="The budget that the facts have to fit into.")


class ContextFact(BaseModel):
    """`reason` says what led to the fact; `tokens` what it costs with its heading, where it is the first below it."""

    fact_id: str
    text: str
    source: str
    age_s: float
    confidentiality: Confidentiality
    integrity: Integrity
    score: float
    tokens: int
    reason: str


class ContextExplained(BaseModel):
    """`text` is what a model is sent; `cut` are the best facts that had no room. `version` is that of the model."""

    text: str
    tokens: int
    facts: Sequence[ContextFact]
    cut: Sequence[ContextFact]
    version: int


@router.post("/explain")
async def explain_context(asked: ContextQuestion, principal: User, platform: Parts) -> ContextExplained:
    """The facts that a question is about, as far as the one who asks may see them, and why each is there."""
    pack = await platform.contexts.explained(asked.question, principal, asked.tokens)
    facts, cut = [_shown(fact) for fact in pack.facts], [_shown(fact) for fact in pack.cut]
    return ContextExplained(text=pack.text, tokens=pack.tokens, facts=facts, cut=cut, version=pack.version)


def _shown(fact: PackedFact) -> ContextFact:
    return ContextFact(
        fact_id=fact.id,
        text=fact.text,
        source=fact.source,
        age_s=fact.age_s,
        confidentiality=fact.label.confidentiality,
        integrity=fact.label.integrity,
        score=fact.score,
        tokens=fact.tokens,
        reason=fact.why,
    )
