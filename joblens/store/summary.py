"""From the folds of a job's hosts to its summary, and whether it still runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, chain

from joblens.errors import JobNotRecorded
from joblens.records import COUNTERS, JobInfo, JobKey
from joblens.store import sketch
from joblens.store.folding import HostFold, Spread
from joblens.store.metrics import METRICS
from joblens.store.trace_store import HOST_SILENT_S, JOB_SILENT_S, MAX_INFOS, MAX_USERS, JobState, JobSummary, Statistic

_NOTHING = Statistic(0.0, 0.0, 0.0)
_P99 = 0.99
_INFO_BYTES = 260  # of one as JSON, without its texts
_INFOS_BYTES = 3_400
_TEXT_CHARACTERS = 120


def not_recorded(key: JobKey) -> JobNotRecorded:
    return JobNotRecorded(f"No record of job {key.job} of {key.cluster}: it is too old, not yet found, or never ran.")


def state_of(folds: Sequence[HostFold], heard: Mapping[str, float], now: float) -> JobState:
    """`heard`: when each host was last heard of."""
    running = [fold for fold in folds if not fold.ended]
    if not running:
        return JobState.ENDED
    told = any(
        now - heard.get(fold.host, 0.0) < HOST_SILENT_S and now - last_seen(fold, heard) < JOB_SILENT_S
        for fold in running
    )
    return JobState.RUNNING if told else JobState.LOST


def last_seen(fold: HostFold, heard: Mapping[str, float]) -> float:
    """A job that is known but not yet sampled was seen with its host's last batch."""
    return fold.last.time if fold.last else heard.get(fold.host, 0.0)


def summarise(key: JobKey, folds: Sequence[HostFold], heard: Mapping[str, float], now: float) -> JobSummary:
    """`folds` has at least one. Raises nothing."""
    totals = [sum(column) for column in zip(*(fold.totals for fold in folds), strict=True)]
    energies = [fold.energy_uj for fold in folds if fold.energy_uj is not None]
    peak = max(fold.rss_peak_bytes for fold in folds)
    return JobSummary(
        key=key,
        infos=_infos(folds),
        users=_users(folds),
        hosts=len(folds),
        state=state_of(folds, heard, now),
        first_seen=min(fold.first_seen or last_seen(fold, heard) for fold in folds),
        last_seen=max(last_seen(fold, heard) for fold in folds),
        samples=sum(fold.samples for fold in folds),
        collectors=_collectors(folds),
        cpu_percent=_statistic(folds, "cpu_percent") or _NOTHING,
        rss_bytes=_statistic(folds, "rss_bytes") or Statistic(peak, peak, peak),
        read_rate=_statistic(folds, "read_rate") or _NOTHING,
        write_rate=_statistic(folds, "write_rate") or _NOTHING,
        net_rx_rate=_statistic(folds, "net_rx_rate") or _NOTHING,
        net_tx_rate=_statistic(folds, "net_tx_rate") or _NOTHING,
        totals=dict(zip(COUNTERS, totals, strict=True)),
        rss_peak_bytes=peak,
        max_processes=max(fold.max_processes for fold in folds),
        max_threads=max(fold.max_threads for fold in folds),
        gpu_percent=_statistic(folds, "gpu_percent"),
        gpu_memory_bytes=_statistic(folds, "gpu_memory_bytes"),
        energy_uj=sum(energies) if energies else None,
        gaps=sum(fold.gaps for fold in folds),
        now=_now(folds),
    )


def _now(folds: Sequence[HostFold]) -> dict[str, float]:
    running = [fold.now for fold in folds if not fold.ended]
    return {name: sum(each.get(name, 0.0) for each in running) for name in dict.fromkeys(chain.from_iterable(running))}


def _infos(folds: Sequence[HostFold]) -> tuple[JobInfo, ...]:
    """Of the first hosts, at least one, and no more than fit a summary of 5 KB: what is long is cut."""
    known = [_cut(fold.info) for fold in folds if fold.info is not None][:MAX_INFOS]
    sizes = accumulate(_INFO_BYTES + sum(map(_bytes, _texts(info))) for info in known)
    return tuple(info for number, (info, size) in enumerate(zip(known, sizes, strict=True)) if _fits(number, size))


def _users(folds: Sequence[HostFold]) -> tuple[str, ...]:
    """Of all hosts. That there is a second one is what matters: it is nobody's job then."""
    return tuple(sorted({fold.info.user for fold in folds if fold.info is not None})[:MAX_USERS])


def _fits(number: int, size: int) -> bool:
    return number == 0 or size <= _INFOS_BYTES


def _cut(info: JobInfo) -> JobInfo:
    if max(map(len, (info.name, info.schedd, info.step))) <= _TEXT_CHARACTERS:
        return info
    cut = {name: getattr(info, name)[:_TEXT_CHARACTERS] for name in ("name", "schedd", "step")}
    return replace(info, **cut)


def _texts(info: JobInfo) -> tuple[str, ...]:
    return (*info.key, info.scheduler, info.host, info.user, info.name, info.schedd, info.step)


def _bytes(text: str) -> int:
    """As JSON writes it, where a character can be six."""
    return len(text) if text.isascii() else 6 * len(text)


def _statistic(folds: Sequence[HostFold], name: str) -> Statistic | None:
    spreads = [fold.spreads[name] for fold in folds if name in fold.spreads]
    if not spreads:
        return None
    largest = max(spread.largest for spread in spreads)
    p99 = sketch.quantile(sketch.merge(spread.values for spread in spreads), _P99)
    return Statistic(_mean(spreads), largest, min(p99, largest))


def _mean(spreads: Sequence[Spread]) -> float:
    return sum(spread.total for spread in spreads) / sum(spread.seconds for spread in spreads)


def _collectors(folds: Sequence[HostFold]) -> tuple[str, ...]:
    """Those with data: a job that never touched the network has no net."""
    found = {METRICS[name].collector for fold in folds for name, spread in fold.spreads.items() if spread.largest > 0}
    if any(fold.last for fold in folds):
        found.add("cpumem")
    for collector, counters in (("io", ("rchar", "wchar")), ("net", ("net_rx", "net_tx"))):
        if any(fold.totals[COUNTERS.index(counter)] for fold in folds for counter in counters):
            found.add(collector)
    if any(fold.energy_uj is not None for fold in folds):
        found.add("power")
    return tuple(name for name in ("cpumem", "io", "net", "gpu", "power") if name in found)
