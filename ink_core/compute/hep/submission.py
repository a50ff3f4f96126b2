"""From the options of `hep_sub` to one submission with the accounting of the user's experiment.

The job ad is the site's to fill: no option of a user sets one of its attributes freely.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Sequence

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from ink_core.compute.hep.site import DEFAULT_WALL_TIME, Experiment, HepSite
from ink_core.compute.placeholders import has_numbers
from ink_core.errors import BadInput
from ink_core.plugins import hookable

JOB_TYPE = "batch"
_UNIVERSES = ("vanilla",)
_TAG = re.compile(r"[A-Za-z0-9_.-]{1,64}")


class HepSubmission(BaseModel):
    """In `script`, `arguments`, `output` and `error`, `%{ClusterId}` and `%{ProcId}` stand for the job's numbers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    script: str = Field(min_length=1, max_length=4096)
    arguments: tuple[str, ...] = Field(default=(), max_length=1000)
    directory: str | None = Field(default=None, max_length=4096)
    group: str | None = Field(default=None, max_length=64)
    output: str | None = Field(default=None, max_length=4096)
    error: str | None = Field(default=None, max_length=4096)
    memory_mb: int | None = Field(default=None, ge=1, le=16_000_000)
    cores: int = Field(default=1, ge=1, le=4096)
    count: int = Field(default=1, ge=1, le=10_000)
    os: str | None = Field(default=None, max_length=64)
    wall_time: str | None = Field(default=None, max_length=64)
    node: str | None = Field(default=None, max_length=255)
    node_group: str | None = Field(default=None, max_length=64)
    priority: int = Field(default=0, ge=-1_000_000, le=1_000_000)
    cluster: str | None = Field(default=None, max_length=64)
    schedd: str | None = Field(default=None, max_length=255)
    universe: str | None = Field(default=None, max_length=64)
    name: str | None = Field(default=None, max_length=200)


@hookable
def tool_arguments(
    site: HepSite, pools: Collection[str], default_cluster: str, user: str, asked: HepSubmission
) -> dict[str, JsonValue]:
    """Arguments of the tool `submit_job`; `pools` are the clusters with job ads. Raises `BadInput`."""
    if asked.universe and asked.universe not in _UNIVERSES:
        raise BadInput(f"the universe {asked.universe!r} is not offered; there is {', '.join(_UNIVERSES)}")
    group = asked.group or site.default_group
    experiment, found = site.experiment_of(group)
    wall_time = asked.wall_time or DEFAULT_WALL_TIME
    cluster, schedd = _place(pools, asked, found, default_cluster)
    script, words = _command(asked)
    arguments: dict[str, JsonValue] = {
        "script": script,
        "arguments": [*words],
        "working_directory": asked.directory,
        "name": asked.name,
        "cpus": asked.cores,
        "count": asked.count,
        "memory_mb": asked.memory_mb,
        "priority": asked.priority or None,
        "node": asked.node,
        "wall_time_s": site.wall_time(wall_time),
        "group": f"{experiment}.{group}.{wall_time}",
        "stdout": asked.output or _log(asked, "out"),
        "stderr": asked.error or _log(asked, "err"),
        "cluster": cluster,
        "schedd": schedd,
    }
    if cluster in pools:
        arguments |= _of_job_ad(site, asked, user, experiment, group, wall_time)
    return {name: value for name, value in arguments.items() if value is not None}


def _place(
    pools: Collection[str], asked: HepSubmission, found: Experiment, default_cluster: str
) -> tuple[str, str | None]:
    """Cluster and schedd. A cluster may be named as a schedd too: a pool of one schedd is often called after it."""
    if asked.schedd is not None and asked.schedd in pools:
        if asked.cluster not in (None, asked.schedd):
            raise BadInput(f"the schedd {asked.schedd} is not of the pool {asked.cluster}")
        return asked.schedd, None
    cluster = asked.cluster or found.cluster or default_cluster
    of_experiment = found.schedd if cluster == (found.cluster or default_cluster) else None
    return cluster, asked.schedd or of_experiment


def _command(asked: HepSubmission) -> tuple[str, Sequence[str]]:
    """A script whose name has the job's numbers is found where the job runs: only there are they known."""
    if not has_numbers(asked.script):
        return asked.script, asked.arguments
    script = asked.script if "/" in asked.script else f"./{asked.script}"
    return "/usr/bin/env", (script, *asked.arguments)


def _of_job_ad(
    site: HepSite, asked: HepSubmission, user: str, experiment: str, group: str, wall_time: str
) -> dict[str, JsonValue]:
    attributes: dict[str, JsonValue] = {
        "HepJob_Experiment": experiment,
        "HepJob_JobType": JOB_TYPE,
        "HepJob_Walltime": wall_time,
        "HepJob_RequestOS": site.operating_system(asked.os or site.default_os),
        "HepJob_RealGroup": group,
    }
    if asked.node_group is not None:
        if not _TAG.fullmatch(asked.node_group):
            raise BadInput(f"{asked.node_group!r} is no name of a node group")
        attributes["HepJob_NodeGroup"] = asked.node_group
    return {"attributes": attributes, "concurrency_limits": f"inkjob_{user.replace('-', '_')}_{JOB_TYPE}"}


def _log(asked: HepSubmission, kind: str) -> str:
    """`job.sh.out.172`, and for one of several jobs `job.sh.out.172.0`: none overwrites another's."""
    proc = ".%{ProcId}" if asked.count > 1 else ""
    name = posixpath.basename(asked.script)
    return f"{name}.{kind}.%{{ClusterId}}{proc}"
