"""Opens a cluster: the embedded scheduler within this process, a real one's adapter in a child process."""

from __future__ import annotations

from importlib.util import find_spec

from ink_core.compute.adapters import open_control_here, open_reader_here
from ink_core.compute.in_child import ChildControl, ChildReader
from ink_core.compute.options import ClusterOptions, HtcondorOptions, LocalOptions
from ink_core.compute.port import JobControl, QueueReader
from ink_core.errors import BadInput


def open_reader(options: ClusterOptions) -> QueueReader:
    """Read side of the cluster, with the identity of this process. Asks nobody yet."""
    _check_installed(options)
    return open_reader_here(options) if isinstance(options, LocalOptions) else ChildReader(options)


def open_control(options: ClusterOptions) -> JobControl:
    """Write side of the cluster, acting as this process's user. Asks nobody yet."""
    _check_installed(options)
    return open_control_here(options) if isinstance(options, LocalOptions) else ChildControl(options)


def _check_installed(options: ClusterOptions) -> None:
    if isinstance(options, HtcondorOptions) and find_spec("htcondor2") is None:
        raise BadInput(f"cluster {options.name} needs HTCondor's bindings: install ink-harness[htcondor]")
