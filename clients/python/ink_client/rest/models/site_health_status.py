"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class SiteHealthStatus(StrEnum):
    DEGRADED = "degraded"
    DOWN = "down"
    OK = "ok"

    def __str__(self) -> str:
        return str(self.value)
