"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class ReadOutputStream(StrEnum):
    STDERR = "stderr"
    STDOUT = "stdout"

    def __str__(self) -> str:
        return str(self.value)
