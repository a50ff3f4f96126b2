"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class LensJobState(StrEnum):
    ENDED = "ended"
    LOST = "lost"
    RUNNING = "running"

    def __str__(self) -> str:
        return str(self.value)
