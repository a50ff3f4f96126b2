"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class CallViewStatus(StrEnum):
    DONE = "done"
    FAILED = "failed"
    INDETERMINATE = "indeterminate"
    REFUSED = "refused"
    RUNNING = "running"
    WAITING_APPROVAL = "waiting_approval"

    def __str__(self) -> str:
        return str(self.value)
