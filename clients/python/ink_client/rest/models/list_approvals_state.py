"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class ListApprovalsState(StrEnum):
    ALL = "all"
    PENDING = "pending"

    def __str__(self) -> str:
        return str(self.value)
