"""Attributes that users add to their job ads: any names but those by which HTCondor, or this package, runs a job.

An attribute takes effect over the setting of the same meaning: `RequestCpus` over `request_cpus`, `Cmd` over the
executable. Whoever judged or approved a submit saw the setting alone.
Source: the names of job ads in HTCondor's manual ("Job ClassAd Attributes") and those that its libraries know.

Limits: attributes that only a site's own policy gives a meaning are not known here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ink_core.compute.htcondor.pool import quoted
from ink_core.compute.htcondor.quoting import literal
from ink_core.errors import BadInput

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_FAMILIES = (
    "_condor_", "Accounting", "Acct", "Allowed", "AutoCluster", "Checkpoint", "ClusterId", "CompletionDate",
    "Concurrency", "Container", "Cron", "DAG", "Deferral", "Docker", "Encrypt", "Entered", "Exit", "Grid", "Hold",
    "Hook", "Ink", "JobAd", "JobBatch", "JobCurrent", "JobDuration", "JobLease", "JobMaterialize", "JobMax",
    "JobNoti", "JobOwner", "JobPrio", "JobSet", "JobStart", "JobStatus", "JobSubmit", "JobSuccess", "JobUniverse",
    "JobVM", "KeepClaim", "KillSig", "LastHold", "LastRemote", "Leave", "LocalJob", "ManifestDesired",
    "ManifestDir", "MaxHosts", "MaxJobRetirement", "MaxRetries", "MaxTransfer", "MinHosts", "NiceUser", "NumJob",
    "NumShadow", "OAuth", "OnExit", "Owner", "ParallelS", "Periodic", "PostArg", "PostCmd", "PostEnv", "PostExit",
    "PostJobPrio", "PreArg", "PreCmd", "PreEnv", "PreExit", "PreJobPrio", "ProcId", "PublicInput", "Remote",
    "Remove", "Request", "Require", "ResidentSetSize", "Schedd", "Should", "Singularity", "Spool", "StageIn",
    "StageOut", "Stream", "Submitter", "SuccessCheckpoint", "SuccessPost", "SuccessPre", "Suspend", "TargetType",
    "ToolDaemon", "TotalSubmitProcs", "Transfer", "UserLog", "VM_", "WantContainer", "WantDocker",
    "WantFTOnCheckpoint", "WantIOProxy", "WantJobNetworking", "WantParallelScheduling", "WantRemote",
    "WantSandboxImage", "WantSIF", "WhenToTransfer", "x509",
)  # fmt: skip
_NAMES = (
    "Args", "Arguments", "Cmd", "CoreSize", "Env", "EnvDelim", "Environment", "Err", "Executable", "GlobalJobId", "In",
    "Iwd", "MyType", "NTDomain", "NotifyUser", "OsUser", "Out", "QDate", "Rank", "RootDir", "Universe", "User",
)  # fmt: skip
_TAKEN = re.compile(rf"({'|'.join(_FAMILIES)})\w*|{'|'.join(_NAMES)}", re.IGNORECASE | re.ASCII)


def added(attributes: Mapping[str, str | int]) -> dict[str, str]:
    """Lines of a submit description. Values are strings or numbers in the job ad, never expressions."""
    for name in attributes:
        _check(name)
    return {f"My.{name}": _value(value) for name, value in attributes.items()}


def _check(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise BadInput(f"{name!r} is no name of an attribute of a job ad")
    if _TAKEN.fullmatch(name):
        raise BadInput(f"the attribute {name} decides how the job is run: use the settings of a job instead")


def _value(value: str | int) -> str:
    return str(value) if isinstance(value, int) else literal(quoted(value))
