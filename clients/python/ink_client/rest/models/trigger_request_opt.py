"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class TriggerRequestOpt(StrEnum):
    ADD = "add"
    REMOVE = "remove"

    def __str__(self) -> str:
        return str(self.value)
