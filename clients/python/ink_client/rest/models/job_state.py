"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class JobState(StrEnum):
    CANCELLED = "CANCELLED"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    HOLDING = "HOLDING"
    OTHER = "OTHER"
    OUT_OF_MEMORY = "OUT_OF_MEMORY"
    QUEUEING = "QUEUEING"
    RUNNING = "RUNNING"
    SUBMITTING = "SUBMITTING"
    SUSPENDED = "SUSPENDED"
    TIMEOUT = "TIMEOUT"

    def __str__(self) -> str:
        return str(self.value)
