"""What the routes of files share: their policies, the form of a path, and the way of a change through the gate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from ink_core.api.actions import ActionFailed, Precondition, RequestKey
from ink_core.api.core import Core
from ink_core.api.security import requires
from ink_core.identity.principal import Principal, Scope
from ink_core.storage.faults import STATUSES

Reader = Annotated[Principal, requires(Scope.FILES_READ)]
Writer = Annotated[Principal, requires(Scope.FILES_WRITE)]
Path = Annotated[str, Field(min_length=1, max_length=4096)]
PathQuery = Annotated[str, Query(min_length=1, max_length=4096)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


async def change(
    core: Core,
    principal: Principal,
    tool: str,
    arguments: Mapping[str, JsonValue],
    *,
    key: RequestKey | None = None,
    only_if: Precondition | None = None,
) -> JsonValue:
    """The result of one tool call. Raises what `Actions.call` raises; what an agent said of files has its status."""
    try:
        return await core.actions.call(principal, tool, arguments, key=key, only_if=only_if)
    except ActionFailed as error:
        error.http_status = STATUSES.get(error.code, error.http_status)
        raise
