"""The models that a conversation can be held with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel

from ink_core.api.area import Area
from manager.agent.choice import ModelChoice
from manager.agent.model import ChatModel, TrustClass
from manager.api.platform import Parts
from manager.api.streams import User

router = Area(prefix="/api/v1/models", tags=["sessions"])


class ModelDetails(BaseModel):
    """`context_tokens` is null for the built-in guide, which has no limit and no price. Prices are of a million tokens,
    in the site's unit of money. `tool_calling` says how it is made to call tools.
    """

    name: str
    trust: TrustClass
    context_tokens: int | None
    prompt_price: float
    completion_price: float
    tool_calling: Literal["native", "tolerant", "json_schema", "rules"]
    is_default: bool


@router.get("")
async def list_models(principal: User, platform: Parts) -> Sequence[ModelDetails]:
    """In order of choice; `PATCH /api/v1/sessions/{session_id}` chooses another one for a conversation."""
    return [model_details(platform.models, model) for model in platform.models.models]


def model_details(choice: ModelChoice, model: ChatModel) -> ModelDetails:
    facts = choice.facts(model.name)
    return ModelDetails(
        name=model.name,
        trust=model.trust,
        context_tokens=facts.context_tokens,
        prompt_price=facts.prompt_price,
        completion_price=facts.completion_price,
        tool_calling=facts.tool_calling,
        is_default=model is choice.default,
    )
