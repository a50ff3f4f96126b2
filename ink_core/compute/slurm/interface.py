"""What is asked of Slurm, whichever way: its REST service, its commands, or its library.

Records have the form of slurmrestd's data parser v0.0.42, which Slurm's commands print too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from pydantic import JsonValue

from ink_core.compute.options import SlurmOptions
from ink_core.compute.slurm.records import Record


class Slurm(Protocol):
    """Blocking, as this process's user. Every method raises `SchedulerDown` within a few times `deadline_s`."""

    @property
    def options(self) -> SlurmOptions: ...

    def close(self) -> None: ...

    def jobs(self) -> Sequence[Record]:
        """All that slurmctld knows, the ended ones until `MinJobAge` after their end too."""
        ...

    def job(self, job_id: str) -> Sequence[Record]:
        """One job, or all tasks of an array by its number; empty where slurmctld knows none."""
        ...

    def nodes(self) -> Sequence[Record]: ...

    def partitions(self) -> Sequence[Record]: ...

    def associations(self, user: str) -> Sequence[Record]:
        """From slurmdbd. Raises `SchedulerDown` or `SchedulerRefused` also where there is no accounting."""
        ...

    def accounted(self, user: str) -> Sequence[Record]:
        """The user's jobs of the last `history_s`, from slurmdbd; raises as `associations` does."""
        ...

    def shares(self) -> Sequence[Record]:
        """What all associations are due and have used, in the form of `sshare`."""
        ...

    def submit(self, script: str, job: Mapping[str, JsonValue]) -> str:
        """The new job's id; `job` has the names of slurmrestd's job description. Raises `SchedulerRefused`."""
        ...

    def signal(self, job_ids: Sequence[str], signal: str | None) -> Mapping[str, str]:
        """Why which of them was refused. Without a signal the jobs are removed."""
        ...


def open_slurm(options: SlurmOptions) -> Slurm:
    """The way that the options name. Asks nobody yet."""
    match options.interface:
        case "rest":
            from ink_core.compute.slurm.rest import SlurmRest

            return SlurmRest(options)
        case "commands":
            from ink_core.compute.slurm.commands import SlurmCommands

            return SlurmCommands(options)
        case "pyslurm":
            from ink_core.compute.slurm.native import SlurmNative

            return SlurmNative(options)
