"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class Origin(StrEnum):
    HARNESS = "harness"
    MCP = "mcp"
    MODEL = "model"
    REST = "rest"
    USER = "user"

    def __str__(self) -> str:
        return str(self.value)
