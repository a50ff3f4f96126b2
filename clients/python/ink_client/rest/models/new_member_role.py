"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class NewMemberRole(StrEnum):
    STEER = "steer"
    WATCH = "watch"

    def __str__(self) -> str:
        return str(self.value)
