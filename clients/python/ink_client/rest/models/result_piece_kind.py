"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class ResultPieceKind(StrEnum):
    LIST = "list"
    OBJECT = "object"
    TEXT = "text"
    VALUE = "value"

    def __str__(self) -> str:
        return str(self.value)
