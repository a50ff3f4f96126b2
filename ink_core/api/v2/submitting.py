"""Submits what an INK client describes: a script that exists, or the text of one, which is written first."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from ink_core.api.core import Core
from ink_core.api.ink_rows.jobs import state_word
from ink_core.api.v2.as_user import in_home
from ink_core.api.v2.job_bodies import InkJob, app_options, of_pool, submission
from ink_core.apps.folder import JOBS_DIRECTORY
from ink_core.apps.service import AppSessionView
from ink_core.compute.model import JobState, Submitted
from ink_core.errors import BadInput, JobNotFound, JobNotYetVisible, SchedulerDown
from ink_core.identity.principal import Principal
from ink_core.plugins import hookable


@dataclass(frozen=True)
class NewJob:
    """`submit_uuid` is the operation that the job carries; `path` is the directory it works in."""

    cluster: str
    job_id: str
    submit_uuid: str
    state: str
    path: str


@hookable
async def submit(core: Core, principal: Principal, job: InkJob) -> NewJob:
    if not (job.script_path or job.job_script) and job.job_type in core.apps.catalogue:
        return await _launched(core, principal, job)
    script, directory = await _script_of(core, principal, job)
    arguments = submission(job, script, directory)
    arguments |= of_pool(job, core.hep, job.cluster_id or core.queues.clusters()[0])
    made = Submitted.model_validate(await core.actions.call(principal, "submit_job", arguments))
    return _seen(core, made, directory or core.homes.home(principal.username))


async def _launched(core: Core, principal: Principal, job: InkJob) -> NewJob:
    arguments = {**app_options(job).model_dump(exclude_none=True), "app": job.job_type, "cluster": job.cluster_id}
    made = AppSessionView.model_validate(await core.actions.call(principal, "launch_app", arguments))
    if made.job_id is None:
        raise JobNotYetVisible("the job of the session is not known yet; list your jobs in a moment")
    return _seen(core, Submitted(cluster=made.cluster, job_ids=(made.job_id,)), made.folder)


async def _script_of(core: Core, principal: Principal, job: InkJob) -> tuple[str, str | None]:
    """The script's path and the directory to work in. Raises `BadInput` where there is neither path nor text."""
    script = job.script_path or job.job_script
    if not script:
        raise BadInput("name a script (script_path) or send one (job_script)")
    if job.script_path or not _is_text(script):
        return script, job.job_dir
    stamp = f"{core.clock.now():%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
    directory = in_home(core, principal, f"{JOBS_DIRECTORY}/{job.job_type}-{stamp}")
    await core.actions.call(principal, "make_directory", {"path": directory})
    await core.actions.call(principal, "write_file", {"path": f"{directory}/job.sh", "text": script})
    return f"{directory}/job.sh", job.job_dir or directory


def _is_text(script: str) -> bool:
    return script.startswith("#!") or "\n" in script


def _seen(core: Core, made: Submitted, path: str) -> NewJob:
    """With what the queue shows of it already. It is submitted, whatever the queue can say."""
    job_id, submit_uuid, state = made.job_ids[0], made.operation_id, JobState.SUBMITTING
    try:
        job = core.queues.job(made.cluster, job_id)
        submit_uuid, state = submit_uuid or job.operation_id, job.state
    except (JobNotFound, JobNotYetVisible, SchedulerDown):
        pass
    return NewJob(made.cluster, job_id, submit_uuid or "", state_word(state), path)
