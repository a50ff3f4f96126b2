"""The site's clusters: in which order, how each is mirrored, and which of them the `hepjob` commands reach."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ink_core.compute.cluster_view import MirroredCluster, Touched
from ink_core.compute.factory import open_reader
from ink_core.compute.hep.site import HepDesk, load_site
from ink_core.compute.htcondor.event_log import EventLog
from ink_core.compute.options import ClusterOptions, HtcondorOptions, SlurmOptions
from ink_core.settings import Settings


def hep_desk(settings: Settings) -> HepDesk:
    pools = {options.name: options.schedds for options in settings.clusters if isinstance(options, HtcondorOptions)}
    slurm = frozenset(options.name for options in settings.clusters if isinstance(options, SlurmOptions))
    return HepDesk(load_site(settings.hepjob.site), pools, slurm)


def default_first(settings: Settings) -> Sequence[ClusterOptions]:
    return sorted(settings.clusters, key=lambda options: options.name != settings.agents.default_cluster)


def mirrored(options: ClusterOptions) -> MirroredCluster:
    return MirroredCluster(open_reader(options), options.poll_interval_s, options.deadline_s + 5, _touched(options))


def _touched(options: ClusterOptions) -> Touched | None:
    if isinstance(options, HtcondorOptions) and options.event_log is not None:
        return EventLog(Path(options.event_log)).touched
    return None
