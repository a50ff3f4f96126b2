"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class NodeOrder(StrEnum):
    CPUS_FREE = "cpus_free"
    CPUS_USED = "cpus_used"
    LOAD = "load"
    MEMORY = "memory"
    NAME = "name"

    def __str__(self) -> str:
        return str(self.value)
