"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class NodeCondition(StrEnum):
    DOWN = "down"
    MAINTENANCE = "maintenance"
    WORKS = "works"

    def __str__(self) -> str:
        return str(self.value)
