"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class TurnViewEndedType0(StrEnum):
    ANSWERED = "answered"
    FAILED = "failed"
    LIMIT = "limit"
    STOPPED = "stopped"

    def __str__(self) -> str:
        return str(self.value)
