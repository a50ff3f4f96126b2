"""Which language models answer: the configured endpoints in order of choice, and the built-in offline guide."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ink_core.settings import ModelSettings
from ink_core.settings.secrets import model_api_key
from manager.agent.assembler import GUIDE_BUDGET
from manager.agent.choice import ModelChoice
from manager.agent.context_budget import ContextBudget
from manager.agent.failover import FailoverModel
from manager.agent.model import ChatModel, TrustClass
from manager.agent.offline_guide import OfflineGuide
from manager.agent.openai_model import OpenAIModel
from manager.agent.openai_settings import Deadlines, OpenAISettings, ToolCalling

ChooseModels = Callable[[Sequence[ModelSettings]], ModelChoice]


def choose_models(models: Sequence[ModelSettings]) -> ModelChoice:
    """One chain of models for each trust class, in the order of the settings; the guide is always there."""
    classes = dict.fromkeys(model.trust for model in models)
    chains = [_chain([model for model in models if model.trust == trust]) for trust in classes]
    return ModelChoice((*chains, OfflineGuide()))


def _chain(models: Sequence[ModelSettings]) -> ChatModel:
    """The first model, failing over to the later ones of the same trust class only."""
    chain = [_open(model) for model in models]
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
