"""Which language model answers: the configured endpoints in order of choice, or the built-in offline guide."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ink_core.settings import ModelSettings
from ink_core.settings.secrets import model_api_key
from manager.agent.assembler import GUIDE_BUDGET
from manager.agent.context_budget import ContextBudget
from manager.agent.failover import FailoverModel
from manager.agent.model import ChatModel, TrustClass
from manager.agent.offline_guide import OfflineGuide
from manager.agent.openai_model import Deadlines, OpenAIModel, OpenAISettings, ToolCalling

ChooseModel = Callable[[Sequence[ModelSettings]], ChatModel]


def choose_model(models: Sequence[ModelSettings]) -> ChatModel:
    """The first model, failing over to the later ones of the same trust class only."""
    if not models:
        return OfflineGuide()
    same_class = [model for model in models if model.trust == models[0].trust]
    chain = [_open(model) for model in same_class]
    return chain[0] if len(chain) == 1 else FailoverModel(chain)


def _open(model: ModelSettings) -> ChatModel:
    settings = OpenAISettings(
        name=model.name,
        base_url=model.base_url,
        model=model.model,
        trust=TrustClass(model.trust),
        tool_calling=ToolCalling(model.tool_calling),
        deadlines=Deadlines(total_s=model.timeout_s),
    )
    return OpenAIModel(settings, model_api_key(model) or "")


def context_budget(model: ChatModel, models: Sequence[ModelSettings]) -> ContextBudget:
    """What fits into the smallest context of the configured models, with room left for the reply."""
    if model.trust is TrustClass.BUILTIN:
        return GUIDE_BUDGET
    smallest = min(settings.context_tokens for settings in models)
    return ContextBudget(total_tokens=smallest * 3 // 4)
