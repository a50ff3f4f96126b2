"""The base of what tools take and give; below the ports of the tools, which speak in such values, too."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class ToolValue(BaseModel):
    """Base of tool inputs and outputs: closed and immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)
