"""Submit jobs in the scheduler's own language, as existing submit files and batch scripts have them.

How many jobs that makes, only the scheduler knows for certain (see `job_counts`), so the policy asks about every such
submission of an agent.
"""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from ink_core.agents import AccessPoint
from ink_core.compute.model import Description
from ink_core.identity.principal import Scope
from mcp_tools.bindings import file_seen
from mcp_tools.context import ToolContext
from mcp_tools.job_counts import jobs_in
from mcp_tools.jobs import (
    SUBMIT_TIMEOUT_S,
    Submission,
    SubmittedJobs,
    below,
    control_of,
    find_submitted,
    noted,
    with_cluster,
)
from mcp_tools.spec import Binding, Confidentiality, Integrity, Label, Preview, Risk, RunsOn, ToolSpec
from mcp_tools.targets import cluster_named
from mcp_tools.workspace import base_directory


class SubmitDescription(Submission):
    """Either `text` or `path`."""

    text: str | None = Field(
        default=None, min_length=1, max_length=1_000_000, description="HTCondor submit description or Slurm script."
    )
    path: str | None = Field(default=None, min_length=1, max_length=4096, description="The same as a file.")

    schedd: str | None = Field(default=None, max_length=255, description="Where the pool has several (HTCondor).")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.text is None) == (self.path is None):
            raise ValueError("give either text or path")
        return self


def _description(context: ToolContext, asked: SubmitDescription) -> Description:
    home, base = context.services.homes.home(context.acting_as), base_directory(context)
    path = None if asked.path is None else below(home, base, asked.path)
    directory = below(home, base, asked.working_directory or ".")
    return Description(text=asked.text, path=path, working_directory=directory, schedd=asked.schedd)


async def _preview(context: ToolContext, asked: SubmitDescription) -> Preview:
    what = asked.path or f"a description of {len(asked.text or '')} characters"
    return Preview(
        summary=f"Submit {what} to {asked.cluster}",
        targets=(asked.path or "description",),
        owners=(context.acting_as,),
        details=tuple((asked.text or "").splitlines()[:50]),
        undo="remove_jobs with the new job ids",
        jobs=jobs_in(asked.text, context.services.schedulers.get(asked.cluster or "")),
    )


async def _bind(context: ToolContext, asked: SubmitDescription) -> Binding:
    """A file as the acting user's agent sees it; what the description itself names is not looked at."""
    path = _description(context, asked).path
    if path is None:
        return Binding()
    seen = await file_seen(context, AccessPoint(context.acting_as), "input", path)
    return Binding(seen=(seen,)) if seen else Binding(unbound=(path,))


async def _submit(context: ToolContext, asked: SubmitDescription) -> SubmittedJobs:
    control = control_of(context, cluster_named(context.services.queues, asked.cluster))
    description = _description(context, asked)
    return await noted(context, await control.submit_description(context.acting_as, description, context.operation_id))


TOOLS = (
    ToolSpec(
        name="submit_description",
        title="Submit a submit file or batch script",
        description="Submit jobs as the scheduler itself reads them: a submit description or a batch script.",
        input=SubmitDescription,
        output=SubmittedJobs,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.JOBS_SUBMIT}),
        runs_on=RunsOn.ACCESS_POINT,
        idempotent=False,
        timeout_s=SUBMIT_TIMEOUT_S + 40,
        label=Label(Confidentiality.SCRATCH, Integrity.TRUSTED),
        identifies={"job_ids.*": "job"},
        run=_submit,
        resolve=with_cluster,
        preview=_preview,
        bind=_bind,
        reconcile=find_submitted,
        for_models=False,
    ),
)
