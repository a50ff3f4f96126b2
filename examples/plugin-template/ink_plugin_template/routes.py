"""Routes. INK has signed the caller in before one runs; what it changes, it changes by tool calls through the gate."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from ink_core.api.core import CoreParts
from ink_core.api.security import requires
from ink_core.identity.principal import Principal, Scope

router = APIRouter(prefix="/api/v1/template", tags=["template"])
SignedIn = Annotated[Principal, requires()]
Writer = Annotated[Principal, requires(Scope.FILES_WRITE)]
FOLDER = "template-notes"


class Greeting(BaseModel):
    text: str


class Note(BaseModel):
    name: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    text: str = Field(max_length=10_000)


class Written(BaseModel):
    path: str


@router.get("/greeting")
async def greeting(principal: SignedIn) -> Greeting:
    return Greeting(text=f"Hello {principal.username}")


@router.post("/notes", status_code=201)
async def write_note(principal: Writer, core: CoreParts, note: Note) -> Written:
    """Writes a file in the caller's home, as the caller, if the policy allows it; the ledger has it either way."""
    path = f"{FOLDER}/{note.name}.txt"
    await core.actions.call(principal, "make_directory", {"path": FOLDER})
    await core.actions.call(principal, "write_file", {"path": path, "text": note.text, "overwrite": True})
    return Written(path=path)
