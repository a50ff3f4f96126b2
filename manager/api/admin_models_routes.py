"""The language models for administrators: what is set, how each endpoint does, and whether it is switched off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from ink_core.api.area import Area
from ink_core.api.idempotency import IdempotencyKey
from ink_core.api.security import requires
from ink_core.identity.principal import Principal, Scope
from manager.agent.choice import ModelChoice
from manager.agent.model import ChatModel
from manager.api.models_routes import ModelDetails, model_details
from manager.api.platform import Parts
from mcp_tools.switches_port import SetSwitch, Switched, SwitchKind

router = Area(prefix="/api/v1/admin", tags=["administration"])
Admin = Annotated[Principal, requires(Scope.ADMIN)]


class ManagedModel(ModelDetails):
    """`endpoint` and `model` are what is asked, null for the built-in guide; never a key.

    `state`: `resting` after `failures` in a row for `resting_s` more seconds, while others of its trust class answer;
    `off` was switched off, `switched` tells by whom and why. All but the switch is changed in the settings.
    """

    endpoint: str | None
    model: str | None
    state: Literal["ready", "failing", "resting", "off"]
    failures: int
    resting_s: float
    switched: Switched | None


@router.get("/models")
async def list_managed_models(principal: Admin, platform: Parts) -> Sequence[ManagedModel]:
    """In order of choice."""
    switched = platform.switches.of(SwitchKind.MODEL)
    return [_shown(platform.models, model, switched.get(model.name)) for model in platform.models.models]


@router.put("/switches")
async def set_switch(asked: SetSwitch, principal: Admin, platform: Parts, key: IdempotencyKey = None) -> Switched:
    """Through the gate: a model on or off, a rule of JobLens on, off or in a dry run. It stays so after a restart."""
    arguments = asked.model_dump(mode="json")
    return Switched.model_validate(await platform.core.actions.call(principal, "set_switch", arguments, key=key))


def _shown(choice: ModelChoice, model: ChatModel, switched: Switched | None) -> ManagedModel:
    endpoint = choice.endpoints.get(model.name)
    failures, resting_s = (endpoint.failures(), endpoint.resting_s()) if endpoint else (0, 0.0)
    return ManagedModel(
        **model_details(choice, model).model_dump(),
        endpoint=endpoint.at if endpoint else None,
        model=endpoint.model if endpoint else None,
        state=_state(off=model.name in choice.switched_off, failures=failures, resting_s=resting_s),
        failures=failures,
        resting_s=resting_s,
        switched=switched,
    )


def _state(*, off: bool, failures: int, resting_s: float) -> Literal["ready", "failing", "resting", "off"]:
    if off:
        return "off"
    if resting_s > 0:
        return "resting"
    return "failing" if failures else "ready"
