"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class ReviewVerdict(StrEnum):
    ACCEPTED = "accepted"
    REJECTED = "rejected"

    def __str__(self) -> str:
        return str(self.value)
