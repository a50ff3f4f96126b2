"""Makes the adapters themselves, within this process, which a real scheduler's may then stop for long.

Each adapter and its library is imported only when it is asked for.
"""

from __future__ import annotations

from pathlib import Path

from ink_core.compute.options import ClusterOptions, HtcondorOptions, LocalOptions, SlurmOptions
from ink_core.compute.port import JobControl, QueueReader


def open_reader_here(options: ClusterOptions) -> QueueReader:
    match options:
        case LocalOptions():
            from ink_core.compute.local.reader import LocalReader

            return LocalReader(
                options.name,
                Path(options.directory),
                slots=options.slots,
                history_s=options.history_s,
                history_limit=options.history_limit,
            )
        case HtcondorOptions():
            from ink_core.compute.htcondor.adapter import HtcondorReader

            return HtcondorReader(options)
        case SlurmOptions():
            from ink_core.compute.slurm.reader import SlurmReader

            return SlurmReader(options)


def open_control_here(options: ClusterOptions) -> JobControl:
    match options:
        case LocalOptions():
            from ink_core.compute.local.control import LocalControl

            return LocalControl(
                options.name,
                Path(options.directory),
                owner=options.owner,
                superusers=options.superusers,
                slots=options.slots,
            )
        case HtcondorOptions():
            from ink_core.compute.htcondor.adapter import HtcondorControl

            return HtcondorControl(options)
        case SlurmOptions():
            from ink_core.compute.slurm.control import SlurmControl

            return SlurmControl(options)
