"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class Detail(StrEnum):
    CONNECTIONS = "connections"
    FILES = "files"
    PROCESSES = "processes"
    STACKS = "stacks"

    def __str__(self) -> str:
        return str(self.value)
