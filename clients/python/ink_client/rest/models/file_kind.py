"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class FileKind(StrEnum):
    DIRECTORY = "directory"
    FILE = "file"
    LINK = "link"
    OTHER = "other"

    def __str__(self) -> str:
        return str(self.value)
