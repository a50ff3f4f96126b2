"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class Measure(StrEnum):
    EFFECTIVE_PRIORITY = "effective_priority"
    FAIR_SHARE = "fair_share"
    NONE = "none"

    def __str__(self) -> str:
        return str(self.value)
