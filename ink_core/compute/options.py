"""What a site says about a cluster: one closed model per type, told apart by `type`.

The manager's settings embed these, and an access-point agent gets the same values as options of the scheduler pack.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ink_core.compute.model import Value

ScheddName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.@-]*$", max_length=255)]


class _Common(Value):
    name: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")
    poll_interval_s: float = Field(
        default=60, gt=0, description="How often the mirror asks for the whole queue; what is done here shows at once."
    )
    deadline_s: float = Field(default=20, gt=0, description="Longest wait for one answer of the scheduler.")
    history_s: float = Field(default=7 * 86400, ge=0, description="How long ended jobs are shown.")
    history_limit: int = Field(default=2000, ge=0, le=100_000, description="Most ended jobs shown.")


class LocalOptions(_Common):
    """The embedded scheduler. All processes that use `directory` must run under one uid."""

    type: Literal["local"] = "local"
    directory: str = Field(description="Where the queue lives: a directory on a local disk.")
    owner: str | None = Field(default=None, description="Name that submitted jobs carry; default: the process's user.")
    superusers: tuple[str, ...] = Field(default=(), description="Owners who may act on everybody's jobs.")
    slots: int | None = Field(default=None, ge=1, description="CPUs to give to jobs; default: all, at least 4.")
    poll_interval_s: float = Field(default=2, gt=0)


class HtcondorOptions(_Common):
    """A pool. Addresses of schedds come from the collector; without names, both come from HTCondor's configuration."""

    type: Literal["htcondor"] = "htcondor"
    schedd: ScheddName | None = Field(default=None, description="Name of the schedd; default: the local one.")
    schedds: tuple[ScheddName, ...] = Field(
        default=(), description="Names of further schedds, listed together with it."
    )
    collector: str | None = Field(default=None, description="host:port of the collector; default: COLLECTOR_HOST.")
    event_log: str | None = Field(
        default=None, description="The schedd's `EVENT_LOG`, where the manager can read it: what happens shows at once."
    )


class SlurmOptions(_Common):
    """One Slurm cluster, asked by its REST service, by its commands, or by PySlurm where that is installed."""

    type: Literal["slurm"] = "slurm"
    interface: Literal["rest", "commands", "pyslurm"] = Field(
        default="rest", description="How Slurm is asked: slurmrestd, its commands (squeue …), or the library PySlurm."
    )
    url: str = Field(default="http://127.0.0.1:6820", description="Base URL of slurmrestd.")
    api_version: str = Field(
        default="v0.0.42", pattern=r"^v0\.0\.\d+$", description="Form of the records, by slurmrestd or by the commands."
    )
    scontrol: str = Field(default="scontrol", description="Slurm's command; the other ones are beside it.")
    token_lifetime_s: int = Field(default=1800, ge=60)


ClusterOptions = Annotated[LocalOptions | HtcondorOptions | SlurmOptions, Field(discriminator="type")]
