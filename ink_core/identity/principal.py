"""Who is asking: the value that every route, policy rule and ledger record sees."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Scope(StrEnum):
    """What a token may be used for. A tool and a route name the scopes they need."""

    JOBS_READ = "jobs:read"
    JOBS_SUBMIT = "jobs:submit"
    JOBS_MANAGE = "jobs:manage"
    FILES_READ = "files:read"
    FILES_WRITE = "files:write"
    AGENT_USE = "agent:use"
    APPROVE = "approvals:decide"
    AUDIT_READ = "audit:read"
    CREDENTIALS_EXPORT = "credentials:export"
    LENS_WRITE = "joblens:write"
    """Of the collectors on nodes alone: report measurements, learn of captures. It reads nothing of jobs."""
    KNOWLEDGE_REVIEW = "knowledge:review"
    """Accept or reject what others contributed; nobody reviews their own."""
    ADMIN = "admin"


USER_SCOPES = frozenset(
    {Scope.JOBS_READ, Scope.JOBS_SUBMIT, Scope.JOBS_MANAGE, Scope.FILES_READ, Scope.FILES_WRITE, Scope.AGENT_USE}
)
OPENS_APPS = USER_SCOPES
"""What a token needs to open a running app: an app may be a shell, which does all that its user may do."""
ADMIN_SCOPES = USER_SCOPES | {Scope.APPROVE, Scope.AUDIT_READ, Scope.KNOWLEDGE_REVIEW, Scope.ADMIN}


class Principal(BaseModel):
    """An authenticated user with what this credential allows. `credential` names it without revealing it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    username: str
    is_admin: bool
    scopes: frozenset[Scope]
    credential: str

    @property
    def administers(self) -> bool:
        """Whether this credential may see and do what is of others."""
        return Scope.ADMIN in self.scopes
