"""Who is signed in, and the platform as the page's header shows it."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel

from ink_core.identity.principal import Principal
from manager.agent.model import ChatModel
from manager.api.platform import Platform


class ModelView(BaseModel):
    name: str
    trust: str


class Me(BaseModel):
    username: str
    is_admin: bool
    scopes: list[str]
    clusters: Sequence[str]
    default_cluster: str
    model: ModelView
    models: Sequence[ModelView]


def describe(platform: Platform, principal: Principal) -> Me:
    return Me(
        username=principal.username,
        is_admin=principal.is_admin,
        scopes=sorted(principal.scopes),
        clusters=platform.core.queues.clusters(),
        default_cluster=platform.default_cluster,
        model=_shown(platform.models.default),
        models=[_shown(model) for model in platform.models.models],
    )


def _shown(model: ChatModel) -> ModelView:
    return ModelView(name=model.name, trust=model.trust.value)
