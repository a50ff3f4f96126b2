"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class IncidentState(StrEnum):
    CLOSED = "closed"
    MERGED = "merged"
    OPEN = "open"
    RESOLVED = "resolved"

    def __str__(self) -> str:
        return str(self.value)
