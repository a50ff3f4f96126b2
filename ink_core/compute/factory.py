"""Makes the adapters that a cluster's options ask for. HTCondor's library is imported only where it is needed."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from ink_core.compute.in_child import ChildControl, ChildReader
from ink_core.compute.local.control import LocalControl
from ink_core.compute.local.reader import LocalReader
from ink_core.compute.options import ClusterOptions, HtcondorOptions, LocalOptions, SlurmOptions
from ink_core.compute.port import JobControl, QueueReader
from ink_core.errors import BadInput


def open_reader(options: ClusterOptions) -> QueueReader:
    """Read side of the cluster, with the identity of this process. A real scheduler's runs in a child process."""
    _check_installed(options)
    return open_reader_here(options) if isinstance(options, LocalOptions) else ChildReader(options)


def open_control(options: ClusterOptions) -> JobControl:
    """Write side of the cluster, acting as this process's user. A real scheduler's runs in a child process."""
    _check_installed(options)
    return open_control_here(options) if isinstance(options, LocalOptions) else ChildControl(options)


def open_reader_here(options: ClusterOptions) -> QueueReader:
    """Within this process, which a real scheduler may then stop for long."""
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
            from ink_core.compute.htcondor.adapter import HtcondorReader

            return HtcondorReader(options)
        case SlurmOptions():
            from ink_core.compute.slurm.reader import SlurmReader

            return SlurmReader(options)


def open_control_here(options: ClusterOptions) -> JobControl:
    """Within this process, which a real scheduler may then stop for long."""
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
            from ink_core.compute.htcondor.adapter import HtcondorControl

            return HtcondorControl(options)
        case SlurmOptions():
            from ink_core.compute.slurm.control import SlurmControl

            return SlurmControl(options)


def _check_installed(options: ClusterOptions) -> None:
    if isinstance(options, HtcondorOptions) and find_spec("htcondor2") is None:
        raise BadInput(f"cluster {options.name} needs HTCondor's bindings: install ink-harness[htcondor]")
