"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class FileOrder(StrEnum):
    NAME = "name"
    SIZE = "size"
    TIME = "time"

    def __str__(self) -> str:
        return str(self.value)
