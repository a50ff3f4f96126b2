"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class TrustClass(StrEnum):
    BUILTIN = "builtin"
    EXTERNAL = "external"
    SITE = "site"

    def __str__(self) -> str:
        return str(self.value)
