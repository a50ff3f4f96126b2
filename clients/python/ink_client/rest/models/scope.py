"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class Scope(StrEnum):
    ADMIN = "admin"
    AGENTUSE = "agent:use"
    APPROVALSDECIDE = "approvals:decide"
    AUDITREAD = "audit:read"
    CREDENTIALSEXPORT = "credentials:export"
    FILESREAD = "files:read"
    FILESWRITE = "files:write"
    JOBLENSWRITE = "joblens:write"
    JOBSMANAGE = "jobs:manage"
    JOBSREAD = "jobs:read"
    JOBSSUBMIT = "jobs:submit"
    KNOWLEDGEREVIEW = "knowledge:review"

    def __str__(self) -> str:
        return str(self.value)
