"""Opens a cluster: the embedded scheduler within this process, a real one's adapter in a child process."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec

from ink_core.compute.adapters import open_control_here, open_reader_here
from ink_core.compute.in_child import ChildControl, ChildReader
from ink_core.compute.options import ClusterOptions, HtcondorOptions, LocalOptions
from ink_core.compute.port import JobControl, QueueReader
from ink_core.compute.schedds import FIRST, ControlOfSchedds, ReaderOfSchedds
from ink_core.errors import BadInput


def open_reader(options: ClusterOptions) -> QueueReader:
    """Read side of the cluster, with the identity of this process. Asks nobody yet."""
    _check_installed(options)
    if isinstance(options, LocalOptions):
        return open_reader_here(options)
    if isinstance(options, HtcondorOptions) and options.schedds:
        readers = {name: ChildReader(one) for name, one in _each_schedd(options).items()}
        return ReaderOfSchedds(options.name, readers)
    return ChildReader(options)


def open_control(options: ClusterOptions) -> JobControl:
    """Write side of the cluster, acting as this process's user. Asks nobody yet."""
    _check_installed(options)
    if isinstance(options, LocalOptions):
        return open_control_here(options)
    if isinstance(options, HtcondorOptions) and options.schedds:
        controls = {name: ChildControl(one) for name, one in _each_schedd(options).items()}
        return ControlOfSchedds(options.name, controls, options.schedd)
    return ChildControl(options)


def _each_schedd(options: HtcondorOptions) -> Mapping[str, HtcondorOptions]:
    alone = options.model_copy(update={"schedds": ()})
    return {FIRST: alone} | {name: alone.model_copy(update={"schedd": name}) for name in options.schedds}


def _check_installed(options: ClusterOptions) -> None:
    if isinstance(options, HtcondorOptions) and find_spec("htcondor2") is None:
        raise BadInput(f"cluster {options.name} needs HTCondor's bindings: install ink-harness[htcondor]")
