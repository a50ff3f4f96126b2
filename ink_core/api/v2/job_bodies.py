"""What INK's clients send to submit a job, and the tool call that it stands for.

One shape for both schedulers, which differ in what else may be named. What is empty was not asked for.

Limits: `os` and `schedd` are HTCondor's, and read for its pools only; `schedd` where a pool has several. Not read are
`arch`, `cm` and `input_path`: how a cluster is reached is the site's to say, and a job sees the files of its user. The
answer names what was not read. `submit_mode` changes nothing: a job is submitted before the answer in either.
"""

from __future__ import annotations

import re
import shlex
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, model_validator

from ink_core.apps.options import AppOptions
from ink_core.compute.hep.site import HepDesk
from ink_core.errors import BadInput

MOST_UNREAD, LONGEST_UNREAD = 20, 64
_SLURM_TIME = re.compile(r"((?P<d>\d{1,4})-)?(?P<a>\d{1,6})(:(?P<b>\d{1,2}))?(:(?P<c>\d{1,2}))?")


class InkJob(BaseModel):
    """`mem` is in MB; `time` as Slurm writes it: minutes, `HH:MM:SS`, `D-HH:MM:SS` and shorter forms."""

    model_config = ConfigDict(extra="allow")

    cluster_id: str | None = None
    job_script: str | None = Field(default=None, max_length=1_000_000)
    script_path: str | None = Field(default=None, max_length=4096)
    job_dir: str | None = Field(default=None, max_length=4096)
    job_parameters: str | list[str] = ""
    job_name: str | None = Field(default=None, max_length=200)
    job_type: str = Field(default="batch", pattern=r"^[A-Za-z0-9_-]{1,64}$")
    cpu: int | None = None
    mem: int | None = None
    gpu_num: int | None = None
    wn: str | None = None
    time: str | int | None = None
    partition: str | None = None
    nodes: int | None = None
    ntasks: int | None = None
    account: str | None = None
    qos: str | None = None
    gpu_name: str | None = None
    gpu_type: str | None = None
    output_file: str | None = None
    error_file: str | None = None
    schedd: str | None = None
    os: str | None = None

    @property
    def unread(self) -> list[str]:
        """Names of what was asked for and is not heeded; of what is no name of a field nothing is said."""
        short = (name for name in self.model_extra or {} if len(name) <= LONGEST_UNREAD)
        named = {name for name in short if name.isascii() and name.isidentifier()}
        return sorted(named - {"submit_mode"})[:MOST_UNREAD]

    @model_validator(mode="before")
    @classmethod
    def _empty_is_not_asked_for(cls, sent: Any) -> Any:
        if not isinstance(sent, dict):
            return sent
        return {name: value for name, value in cast("dict[Any, Any]", sent).items() if value not in ("", None)}


def submission(job: InkJob, script: str, directory: str | None) -> dict[str, JsonValue]:
    """Arguments of the tool `submit_job`. Raises `BadInput`."""
    wished: dict[str, Any] = {
        "script": script,
        "arguments": _words(job.job_parameters),
        "name": job.job_name,
        "cpus": job.cpu,
        "memory_mb": job.mem,
        "gpus": job.gpu_num or None,
        "gpu_type": _kind_of_gpu(job),
        "node": job.wn,
        "wall_time_s": None if job.time is None else _seconds(str(job.time)),
        "queue": job.partition,
        "nodes": job.nodes,
        "tasks": job.ntasks,
        "group": job.account,
        "qos": job.qos,
        "stdout": job.output_file,
        "stderr": job.error_file,
        "working_directory": directory,
        "cluster": job.cluster_id,
    }
    return {name: value for name, value in wished.items() if value is not None}


def of_pool(job: InkJob, desk: HepDesk, cluster: str) -> dict[str, JsonValue]:
    """Further arguments where the cluster is an HTCondor pool. Raises `BadInput`."""
    if cluster not in desk.pools:
        return {}
    attributes = {"HepJob_RequestOS": desk.site.operating_system(job.os)} if job.os else None
    schedd = job.schedd if desk.pools[cluster] else None
    wished: dict[str, Any] = {"attributes": attributes, "schedd": schedd}
    return {name: value for name, value in wished.items() if value is not None}


def _kind_of_gpu(job: InkJob) -> str | None:
    """`gpu_name` may be Slurm's name of the resource, which is `gpu`, and the type beside it. Raises `BadInput`."""
    kind = job.gpu_type or (None if job.gpu_name in (None, "gpu") else job.gpu_name)
    if kind is not None and not job.gpu_num:
        raise BadInput(f"say how many GPUs of the type {kind}: gpu_num")
    return kind


def app_options(job: InkJob) -> AppOptions:
    """What is asked of an app. Raises `BadInput`."""
    wished: dict[str, Any] = {
        "cpus": job.cpu,
        "memory_mb": job.mem,
        "gpus": job.gpu_num,
        "wall_time_s": None if job.time is None else _seconds(str(job.time)),
        "queue": job.partition,
        "group": job.account,
        "qos": job.qos,
    }
    try:
        return AppOptions.model_validate(wished)
    except ValidationError as error:
        wrong = "; ".join(f"{one['loc'][0]}: {one['msg']}" for one in error.errors(include_input=False))
        raise BadInput(f"this cannot be asked of an app: {wrong}") from None


def _words(parameters: str | list[str]) -> list[str]:
    """Arguments of the script; one text is split as a shell would, and no shell ever reads it."""
    if isinstance(parameters, list):
        return parameters
    try:
        return shlex.split(parameters)
    except ValueError as error:
        raise BadInput(f"job_parameters cannot be split into arguments: {error}") from None


def _seconds(text: str) -> int:
    """Of a time limit as in sbatch(1): `M`, `M:S`, `H:M:S`, `D-H`, `D-H:M`, `D-H:M:S`."""
    found = _SLURM_TIME.fullmatch(text.strip())
    if not found:
        raise BadInput(f"{text!r} is no time limit; write minutes or [D-]HH:MM:SS")
    first, second, third = (int(found[name] or 0) for name in "abc")
    if found["d"] is not None:
        return int(found["d"]) * 86400 + first * 3600 + second * 60 + third
    return first * 3600 + second * 60 + third if found["c"] is not None else first * 60 + second
