"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class MarkKind(StrEnum):
    CAPTURE = "capture"
    CHECKPOINT = "checkpoint"
    END = "end"
    EVICT = "evict"
    GAP = "gap"
    HOLD = "hold"
    START = "start"
    WARNING = "warning"

    def __str__(self) -> str:
        return str(self.value)
