"""Events over REST: simulated ones, those of a file in the caller's home, and writing such a file."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, ValidationError

from ink_core.api.core import CoreParts
from ink_core.api.security import requires
from ink_core.errors import BadInput
from ink_core.identity.principal import Principal, Scope
from ink_core.storage.user_files import UserFiles
from ink_event_display.events import EventFile, simulated
from worker_agent.protocol import FilesPull

router = APIRouter(prefix="/api/v1/event-display", tags=["event-display"])
Seed = Annotated[int, Query(ge=0, le=2**31)]
Path = Annotated[str, Field(min_length=1, max_length=4096)]


class NewFile(BaseModel):
    path: Path
    count: int = Field(default=6, ge=1, le=50)
    seed: int = Field(default=1, ge=0, le=2**31)


class Written(BaseModel):
    path: str
    events: int


@router.get("/simulated")
async def get_simulated(
    principal: Annotated[Principal, requires()], count: Annotated[int, Query(ge=1, le=50)] = 6, seed: Seed = 1
) -> EventFile:
    return simulated(count, seed)


@router.get("/events")
async def get_events(
    principal: Annotated[Principal, requires(Scope.FILES_READ)], core: CoreParts, path: Path
) -> EventFile:
    """Of a file in the caller's home, read as the caller. One that does not fit is said where it does not."""
    piece = await UserFiles(core.agents).piece(principal.username, FilesPull(path=path))
    if len(piece.payload) < piece.size:
        raise BadInput(f"{path} has {piece.size} bytes; at most {len(piece.payload)} are shown here")
    try:
        return EventFile.model_validate_json(piece.payload)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"{path} is no file of events: {where}: {first['msg']}") from None


@router.post("/events", status_code=201)
async def write_events(
    principal: Annotated[Principal, requires(Scope.FILES_WRITE)], core: CoreParts, new: NewFile
) -> Written:
    """Writes simulated events to a file in the caller's home, if the policy allows it."""
    text = simulated(new.count, new.seed).model_dump_json()
    await core.actions.call(principal, "write_file", {"path": new.path, "text": text})
    return Written(path=new.path, events=new.count)
