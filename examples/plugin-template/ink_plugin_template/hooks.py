"""A name for jobs that are submitted over REST without one, so that they are found again."""

from __future__ import annotations

from typing import Any

from ink_core.identity.principal import Principal
from ink_core.plugins import original

SUBMISSION = "ink_core.api.jobs.submission.tool_arguments"


def job_arguments(principal: Principal, tool: str, new: Any) -> dict[str, Any]:
    """What the core makes of the request, with a name."""
    arguments: dict[str, Any] = original(SUBMISSION)(principal, tool, new)
    if tool == "submit_job" and not arguments.get("name"):
        arguments["name"] = f"{principal.username}-job"
    return arguments
