"""What the agent says of itself: user, uid, host and the job it runs in.

Limits: reads the environment and one file that the batch system names; a job that hides both has no id.
"""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterable, Mapping
from contextlib import suppress

from worker_agent.files import user_name
from worker_agent.protocol import PROTOCOL_VERSION, AgentConfig, Hello

_MAX_JOB_AD = 1024 * 1024


def job_id(environment: Mapping[str, str]) -> str | None:
    """INK_JOB_ID, else HTCondor's cluster.proc from the job ad, else Slurm's job id."""
    if given := environment.get("INK_JOB_ID"):
        return given
    if job_ad := environment.get("_CONDOR_JOB_AD"):
        with suppress(OSError), open(job_ad, encoding="utf-8", errors="replace") as file:
            return _condor_id(file.read(_MAX_JOB_AD))
    return environment.get("SLURM_JOB_ID") or None


def _condor_id(job_ad: str) -> str | None:
    numbers = dict(re.findall(r"(?mi)^(ClusterId|ProcId)\s*=\s*(\d+)\s*$", job_ad))
    found = {name.lower(): number for name, number in numbers.items()}
    return f"{found['clusterid']}.{found['procid']}" if len(found) == 2 else None


def greeting(config: AgentConfig, secret: str, *, capabilities: Iterable[str], unfinished: Iterable[str]) -> Hello:
    return Hello(
        version=PROTOCOL_VERSION,
        worker_id=config.worker_id,
        secret=secret,
        place=config.place,
        user=user_name(os.getuid()),
        uid=os.getuid(),
        host=socket.gethostname(),
        job_id=job_id(os.environ),
        capabilities=tuple(capabilities),
        unfinished=tuple(unfinished),
    )
