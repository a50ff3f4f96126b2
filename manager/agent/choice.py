"""The models that a session can be held with, each failing over inside its trust class; the first is the default."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ink_core.errors import NotFound
from manager.agent.assembler import GUIDE_BUDGET
from manager.agent.context_budget import ContextBudget
from manager.agent.model import ChatModel, TrustClass


class UnknownModel(NotFound):
    code = "unknown_model"


@dataclass(frozen=True)
class ModelFacts:
    """What is known of a model beside its name and trust. Prices are of a million tokens."""

    context_tokens: int | None = None
    prompt_price: float = 0.0
    completion_price: float = 0.0
    tool_calling: Literal["native", "tolerant", "json_schema", "rules"] = "rules"


@dataclass(frozen=True)
class Endpoint:
    """Where a model answers, without any credential. It is left alone for `resting_s` after `failures` in a row."""

    at: str
    model: str
    failures: Callable[[], int]
    resting_s: Callable[[], float]


@dataclass(frozen=True)
class ModelChoice:
    """At least one model; `known` are facts and `endpoints` those by name, `closes` what ends their connections.

    `switched_off` are names of models that administrators have switched off; whoever holds the choice may change it.
    """

    models: Sequence[ChatModel]
    known: Mapping[str, ModelFacts] = field(default_factory=dict[str, ModelFacts])
    closes: Sequence[Callable[[], Awaitable[None]]] = ()
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict[str, Endpoint])
    switched_off: set[str] = field(default_factory=set[str])

    async def aclose(self) -> None:
        """End the connections to their endpoints."""
        for close in self.closes:
            await close()

    def facts(self, name: str) -> ModelFacts:
        return self.known.get(name, ModelFacts())

    def budget(self, name: str) -> ContextBudget | None:
        """Of a request to the model, with room left for the reply; None where nothing is known of it."""
        if name not in self.known:
            return None
        most = self.known[name].context_tokens
        return GUIDE_BUDGET if most is None else ContextBudget(total_tokens=most * 3 // 4)

    @property
    def default(self) -> ChatModel:
        return self.models[0]

    @property
    def inside(self) -> ChatModel | None:
        """The first that data of the site do not leave for."""
        return next((model for model in self.models if model.trust is not TrustClass.EXTERNAL), None)

    def named(self, name: str) -> ChatModel:
        """Raises `UnknownModel`."""
        for model in self.models:
            if model.name == name:
                return model
        names = ", ".join(model.name for model in self.models)
        raise UnknownModel(f"there is no model {name[:100]!r} for sessions; there are {names}")

    def of_session(self, name: str) -> ChatModel:
        """The model of that name, or the default one where the settings do not have it any more."""
        return next((model for model in self.models if model.name == name), self.default)
