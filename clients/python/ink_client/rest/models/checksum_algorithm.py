"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class ChecksumAlgorithm(StrEnum):
    ADLER32 = "adler32"
    MD5 = "md5"
    SHA256 = "sha256"

    def __str__(self) -> str:
        return str(self.value)
