"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class TodoState(StrEnum):
    DOING = "doing"
    DONE = "done"
    OPEN = "open"

    def __str__(self) -> str:
        return str(self.value)
