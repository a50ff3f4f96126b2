"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class RecallOutcome(StrEnum):
    ANSWERED = "answered"
    APPROVED = "approved"
    CORRECTED = "corrected"
    DONE = "done"
    FAILED = "failed"
    OPEN = "open"
    REJECTED = "rejected"
    STOPPED = "stopped"

    def __str__(self) -> str:
        return str(self.value)
