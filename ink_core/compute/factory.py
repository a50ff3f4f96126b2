"""Makes the adapters that a cluster's options ask for. An adapter's library is imported only when it is asked for."""

from __future__ import annotations

from pathlib import Path

from ink_core.compute.htcondor.adapter import HtcondorControl, HtcondorReader
from ink_core.compute.local.control import LocalControl
from ink_core.compute.local.reader import LocalReader
from ink_core.compute.options import ClusterOptions, HtcondorOptions, LocalOptions, SlurmOptions
from ink_core.compute.port import JobControl, QueueReader
from ink_core.compute.slurm.control import SlurmControl
from ink_core.compute.slurm.reader import SlurmReader


def open_reader(options: ClusterOptions) -> QueueReader:
    """Read side of the cluster, with the identity of this process."""
    match options:
        case LocalOptions():
            return LocalReader(
                options.name,
                Path(options.directory),
                slots=options.slots,
                history_s=options.history_s,
                history_limit=options.history_limit,
            )
        case HtcondorOptions():
            return HtcondorReader(options)
        case SlurmOptions():
            return SlurmReader(options)


def open_control(options: ClusterOptions) -> JobControl:
    """Write side of the cluster, acting as this process's user."""
    match options:
        case LocalOptions():
            return LocalControl(
                options.name,
                Path(options.directory),
                owner=options.owner,
                superusers=options.superusers,
                slots=options.slots,
            )
        case HtcondorOptions():
            return HtcondorControl(options)
        case SlurmOptions():
            return SlurmControl(options)
