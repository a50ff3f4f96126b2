"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class Traffic(StrEnum):
    FILE = "file"
    NETWORK = "network"
    UNATTRIBUTED = "unattributed"

    def __str__(self) -> str:
        return str(self.value)
