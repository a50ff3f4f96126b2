"""What all wire values share: closed and immutable, with the bounds of the protocol."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

PROTOCOL_VERSION = 2
"""Raised with whatever an agent or a manager of the former release would misunderstand: each refuses the other then."""
MAX_FRAME_BYTES = 8 * 1024 * 1024
MAX_READ_BYTES = 1024 * 1024
MAX_WRITE_BYTES = 4 * 1024 * 1024
MAX_OUTPUT_BYTES = 1024 * 1024
TERMINAL_BACKLOG_BYTES = 256 * 1024
MAX_PIECE_CHARACTERS = 256 * 1024
"""Base64 of one piece of output in a notification: what a slow reader leaves in the manager's queues stays bounded."""

WorkerId = Annotated[str, Field(pattern=r"^w-[a-z0-9]{12,32}$")]
OperationId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")]


class Wire(BaseModel):
    """Base of all wire values: closed and immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
