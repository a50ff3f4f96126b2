"""The kill switch over HTTP: what is locked, lock a user, a worker agent or a session, and lift it again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ink_core.api.area import Area
from ink_core.api.security import requires
from ink_core.identity.principal import Principal, Scope
from manager.api.platform import Parts
from manager.gate.lockout import Lock, LockKind

router = Area(prefix="/api/v1/locks", tags=["locks"])
Admin = Annotated[Principal, requires(Scope.ADMIN)]


class Why(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1, max_length=1000)


class NewLock(Why):
    """`name` is a username, a worker id or a session id."""

    kind: LockKind
    name: str = Field(min_length=1, max_length=100)


class LockView(BaseModel):
    kind: LockKind
    name: str
    by: str
    reason: str
    at: datetime


@router.get("")
async def list_locks(principal: Admin, platform: Parts) -> list[LockView]:
    """What is locked now."""
    return [_view(lock) for lock in platform.kill_switch.locks()]


@router.post("", status_code=201)
async def create_lock(new: NewLock, principal: Admin, platform: Parts) -> LockView:
    """Answers when everything live of it has ended."""
    return _view(await platform.kill_switch.lock(new.kind, new.name, principal.username, new.reason))


@router.post("/{kind}/{name}/lift", status_code=204)
async def lift_lock(kind: LockKind, name: str, why: Why, principal: Admin, platform: Parts) -> None:
    """What was ended stays ended."""
    await platform.kill_switch.lift(kind, name, principal.username, why.reason)


def _view(lock: Lock) -> LockView:
    return LockView(kind=lock.kind, name=lock.name, by=lock.by, reason=lock.reason, at=lock.at)
