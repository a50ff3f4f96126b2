"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class LockKind(StrEnum):
    AGENT = "agent"
    SESSION = "session"
    USER = "user"

    def __str__(self) -> str:
        return str(self.value)
