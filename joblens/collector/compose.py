"""Chooses the parts of the collector by its settings, and runs it until it is told to stop."""

from __future__ import annotations

import gc
import logging
import random
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from joblens.collector.capturing.stack_samples import Stacks
from joblens.collector.collector import Collector, Parts
from joblens.collector.config import Config
from joblens.collector.delivery.courier import Courier
from joblens.collector.delivery.delivery import Delivery
from joblens.collector.delivery.manager_link import ManagerLink
from joblens.collector.delivery.spool import Spool
from joblens.collector.delivery.writer import Writer
from joblens.collector.hardware import Cards, Energy
from joblens.collector.identity.identities import Identities, Site
from joblens.collector.identity.slurm_arrays import ArrayLookup
from joblens.collector.jobs import Jobs
from joblens.collector.probes.levels import open_probe
from joblens.collector.probes.probe import Probe
from joblens.collector.remembered import MemoryFile
from joblens.collector.state_folder import own_folder

_log = logging.getLogger(__name__)
_GARBAGE_AFTER = 50_000  # new objects: a sample of many jobs makes some thousands, and none in cycles
_SEQUENCES_PER_S = 10
"""More batches than this are never made in a second, so that the time gives a sequence that was not used."""


def collect(config: Config, stop: threading.Event) -> None:
    """Raises `ConfigInvalid`, `ProbeRefused`, and `OSError` where the state directory cannot be used."""
    with own_folder(Path(config.state_dir)) as state:
        _collect_in(state, config, stop)


def _collect_in(state: Path, config: Config, stop: threading.Event) -> None:
    link = ManagerLink(config.manager_url, Path(config.token_file), config.ca_file)
    _warn_of_readable(Path(config.token_file))
    spool = Spool(state / "spool", config.spool_bytes, int(time.time() * _SEQUENCES_PER_S))
    opened = open_probe(config.level, config.all_starters, config.files, any_user_starts=config.any_user_starts)
    probe = opened.probe
    for refusal in opened.refusals:
        _log.warning("this host does not allow level %s", refusal)
    try:
        parts = _parts(config, probe, spool, link, MemoryFile(state / "jobs.jlb"))
        unseen = f"; it cannot see: {', '.join(probe.unseen)}" if probe.unseen else ""
        _log.info("collecting on %s at level %s%s", config.host_name, probe.level, unseen)
        gc.collect()
        gc.freeze()
        gc.set_threshold(_GARBAGE_AFTER)
        Collector(config, parts).run(stop)
    finally:
        probe.close()


def _warn_of_readable(token_file: Path) -> None:
    with suppress(OSError):  # where it is not there, the first delivery says so
        if token_file.stat().st_mode & 0o077:
            _log.warning("other users of this node can read %s and report in its name: chmod 600", token_file)


def _parts(config: Config, probe: Probe, spool: Spool, link: ManagerLink, memory: MemoryFile) -> Parts:
    delivery = Delivery(spool, link, random.random)
    courier = Courier(delivery, link, config.host_name)
    return Parts(
        probe=probe,
        jobs=_jobs(config, memory),
        arrays=ArrayLookup(config.squeue) if config.squeue else None,
        spool=spool,
        writer=Writer(spool, memory, courier.wake),
        delivery=delivery,
        courier=courier,
        cards=Cards(),
        energy=Energy(),
        stacks=Stacks(),
        memory=memory,
    )


def _jobs(config: Config, memory_file: MemoryFile) -> Jobs:
    memory = memory_file.load()
    site = Site(
        config.htcondor_cluster,
        config.slurm_cluster,
        config.schedd,
        config.unprivileged_starters,
        config.local_cluster,
        config.local_directory,
    )
    return Jobs(
        Identities(config.host_name, site),
        linger_s=config.linger_s,
        arrays=bool(config.squeue),
        remembered=[replace(job, info=replace(job.info, host=config.host_name)) for job in memory.jobs],
        away_s=max(time.time() - memory.time, 0.0),
    )
