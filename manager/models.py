"""Which language models answer: the configured endpoints in order of choice, and the built-in offline guide."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from urllib.parse import urlsplit, urlunsplit

from ink_core.settings import ModelSettings
from ink_core.settings.secrets import model_api_key
from manager.agent.assembler import GUIDE_BUDGET
from manager.agent.choice import Endpoint, ModelChoice, ModelFacts
from manager.agent.context_budget import ContextBudget
from manager.agent.failover import FailoverModel
from manager.agent.model import ChatModel, TrustClass
from manager.agent.offline_guide import OfflineGuide
from manager.agent.openai_model import OpenAIModel
from manager.agent.openai_settings import Deadlines, OpenAISettings, ToolCalling
from manager.agent.switchable import Switchable

ChooseModels = Callable[[Sequence[ModelSettings]], ModelChoice]


def choose_models(models: Sequence[ModelSettings]) -> ModelChoice:
    """Every model, failing over to the others of its trust class, in the order of the settings; and the guide."""
    opened = [(model, _open(model)) for model in models]
    guide = OfflineGuide()
    known = {guide.name: ModelFacts()}
    for model in models:
        prices = model.prompt_price, model.completion_price
        known[model.name] = ModelFacts(model.context_tokens, *prices, model.tool_calling)
    off = set[str]()
    chains = (_chain(place, opened, off) for place in range(len(opened)))
    endpoints = {model.name: _endpoint(model, opened_model) for model, opened_model in opened}
    closes = [model.aclose for _, model in opened]
    return ModelChoice((*chains, guide), known, closes, endpoints, off)


def _endpoint(settings: ModelSettings, model: OpenAIModel) -> Endpoint:
    """Its address without user, password or query."""
    parts = urlsplit(settings.base_url)
    at = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    return Endpoint(at, settings.model, model.failures, model.resting_s)


def _chain(place: int, opened: Sequence[tuple[ModelSettings, OpenAIModel]], off: Set[str]) -> ChatModel:
    """The model at this place, then the later and the earlier ones of the same trust class."""
    first, model = opened[place]
    others = [other for other in (*opened[place + 1 :], *opened[:place]) if other[0].trust == first.trust]
    contexts = [settings.context_tokens for settings, _ in others]
    chain = (model, *(other for _, other in others))
    return FailoverModel([Switchable(each, off) for each in chain], [first.context_tokens, *contexts])


def _open(model: ModelSettings) -> OpenAIModel:
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
