"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class ManagedModelToolCalling(StrEnum):
    JSON_SCHEMA = "json_schema"
    NATIVE = "native"
    RULES = "rules"
    TOLERANT = "tolerant"

    def __str__(self) -> str:
        return str(self.value)
