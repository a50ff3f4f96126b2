"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class UsageReportBy(StrEnum):
    AGENT = "agent"
    MODEL = "model"
    SESSION = "session"
    TASK = "task"
    USER = "user"

    def __str__(self) -> str:
        return str(self.value)
