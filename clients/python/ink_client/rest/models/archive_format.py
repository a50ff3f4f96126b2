"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class ArchiveFormat(StrEnum):
    TAR = "tar"
    TAR_GZ = "tar.gz"
    ZIP = "zip"

    def __str__(self) -> str:
        return str(self.value)
