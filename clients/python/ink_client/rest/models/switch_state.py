"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class SwitchState(StrEnum):
    DRY_RUN = "dry_run"
    OFF = "off"
    ON = "on"

    def __str__(self) -> str:
        return str(self.value)
