"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class SubAgentProfileWorker(StrEnum):
    OWN = "own"
    PARENT = "parent"

    def __str__(self) -> str:
        return str(self.value)
