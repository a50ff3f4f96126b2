"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class SwitchKind(StrEnum):
    LENS_RULE = "lens_rule"
    MODEL = "model"

    def __str__(self) -> str:
        return str(self.value)
