"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class IncidentKind(StrEnum):
    BLACK_HOLE = "black_hole"
    FILE_SYSTEM_FULL = "file_system_full"
    JOBS_HELD = "jobs_held"
    NODE_DOWN = "node_down"
    QUEUE_STUCK = "queue_stuck"
    SCHEDD_AWAY = "schedd_away"
    SLOW_FILE_SYSTEM = "slow_file_system"

    def __str__(self) -> str:
        return str(self.value)
