"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class ForeignToolState(StrEnum):
    ACCEPTED = "accepted"
    CHANGED = "changed"
    GONE = "gone"
    NEW = "new"
    UNFIT = "unfit"

    def __str__(self) -> str:
        return str(self.value)
