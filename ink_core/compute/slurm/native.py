"""Slurm read by PySlurm, for sites that have it: no REST service and no JSON between slurmctld and the platform.

Its library compiles only against the Slurm of the same release, so it is never in a lock and imported here alone. What
changes something goes through Slurm's commands: PySlurm gives a script arguments only when it is a file, and signals no
single task of a waiting array.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Any

from ink_core.compute.options import SlurmOptions
from ink_core.compute.slurm.commands import SlurmCommands
from ink_core.compute.slurm.native_records import accounted, association, job, node, partition
from ink_core.compute.slurm.records import Record
from ink_core.compute.slurm.scontrol import beside
from ink_core.errors import SchedulerDown


class SlurmNative(SlurmCommands):
    def __init__(self, options: SlurmOptions) -> None:
        super().__init__(options)
        self._library = _library()

    def jobs(self) -> Sequence[Record]:
        stopped = self._stopped()
        try:
            return self._read(lambda one: job(one, one.id in stopped), lambda: self._library.Jobs.load(True))
        except UnicodeDecodeError:  # of a job whose user gave it a name that is no text, which PySlurm does not read
            return super().jobs()

    def nodes(self) -> Sequence[Record]:
        return self._read(node, self._library.Nodes.load)

    def partitions(self) -> Sequence[Record]:
        return self._read(partition, self._library.Partitions.load)

    def associations(self, user: str) -> Sequence[Record]:
        db = self._library.db
        return self._read(association, lambda: db.Associations.load(db.AssociationFilter(users=[user])))

    def accounted(self, user: str) -> Sequence[Record]:
        db, since = self._library.db, int(time.time() - self.options.history_s)
        try:
            return self._read(accounted, lambda: db.Jobs.load(db.JobFilter(users=[user], start_time=since)))
        except UnicodeDecodeError:
            return super().accounted(user)

    def _stopped(self) -> frozenset[int]:
        """Jobs whose processes are stopped: PySlurm tells them as running."""
        argv = [beside(self.options, "squeue"), "--noheader", "--states=STOPPED", "--format=%A"]
        return frozenset(map(int, self._run(argv).split()))

    def _read(self, record_of: Callable[[Any], Record], load: Callable[[], Any]) -> Sequence[Record]:
        with self._told():
            return [record_of(one) for one in load().values()]

    @contextmanager
    def _told(self) -> Generator[None]:
        try:
            yield
        except self._library.PyslurmError as error:
            raise SchedulerDown(f"Slurm does not answer: {error}") from error


def _library() -> Any:
    """PySlurm has no types. Raises `SchedulerDown` where it is not, or not for this Slurm."""
    try:
        import pyslurm  # pyright: ignore[reportMissingImports]
    except ImportError as error:
        raise SchedulerDown(
            f"the cluster's interface is pyslurm, which cannot be imported ({error}): "
            "install the release of PySlurm for this Slurm, or choose another interface"
        ) from error
    return pyslurm
