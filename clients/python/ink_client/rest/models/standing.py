"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class Standing(StrEnum):
    ACCEPTED = "accepted"
    ERASED = "erased"
    PENDING = "pending"
    PRIVATE = "private"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"

    def __str__(self) -> str:
        return str(self.value)
