"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class ContributeKnowledgeKind(StrEnum):
    DOCUMENT = "document"
    FACT = "fact"
    RUNBOOK = "runbook"
    SKILL = "skill"

    def __str__(self) -> str:
        return str(self.value)
