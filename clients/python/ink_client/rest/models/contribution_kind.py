"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class ContributionKind(StrEnum):
    CORRECTION = "correction"
    DECISION = "decision"
    DOCUMENT = "document"
    FACT = "fact"
    FINDING = "finding"
    RUNBOOK = "runbook"
    SKILL = "skill"

    def __str__(self) -> str:
        return str(self.value)
