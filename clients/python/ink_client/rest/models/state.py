"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class State(StrEnum):
    ENDED = "ended"
    FAILED = "failed"
    QUEUED = "queued"
    READY = "ready"
    STARTING = "starting"
    SUBMITTING = "submitting"
    TIMED_OUT = "timed_out"

    def __str__(self) -> str:
        return str(self.value)
