"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class JobAction(StrEnum):
    HOLD = "hold"
    RELEASE = "release"
    REMOVE = "remove"
    RESUME = "resume"
    SUSPEND = "suspend"

    def __str__(self) -> str:
        return str(self.value)
