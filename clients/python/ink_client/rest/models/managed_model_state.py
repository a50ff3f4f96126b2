"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class ManagedModelState(StrEnum):
    FAILING = "failing"
    OFF = "off"
    READY = "ready"
    RESTING = "resting"

    def __str__(self) -> str:
        return str(self.value)
