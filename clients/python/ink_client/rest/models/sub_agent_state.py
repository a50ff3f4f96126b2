"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class SubAgentState(StrEnum):
    DONE = "done"
    FAILED = "failed"
    OVER_BUDGET = "over_budget"
    STARTING = "starting"
    STOPPED = "stopped"
    WAITING_APPROVAL = "waiting_approval"
    WORKING = "working"

    def __str__(self) -> str:
        return str(self.value)
