"""From the batches of collectors to the events of the engine: counters become rates, cards of a job one figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from joblens.records import Batch, JobKey, JobSample
from joblens.rules.events import Event, Measured
from joblens.store.metrics import METRICS, Metric

MAX_JOBS = 50_000
_CPU_IO_NET = [metric for metric in METRICS.values() if metric.table == "samples"]
_CARDS = [metric for metric in METRICS.values() if metric.table == "gpus"]


class Measures:
    """Remembers the last sample of each job on each host, of the `MAX_JOBS` told of last."""

    def __init__(self) -> None:
        self._last: dict[tuple[JobKey, str], JobSample] = {}

    def events(self, batch: Batch) -> Iterator[Event]:
        yield from batch.jobs
        yield from batch.files
        for key, values in _cards(batch).items():
            yield Measured(key, batch.host, batch.time, values, False)
        for sample in batch.samples:
            yield Measured(sample.key, batch.host, sample.time, self._figures(sample, batch.host), sample.final)

    def _figures(self, sample: JobSample, host: str) -> dict[str, float]:
        before = self._last.pop((sample.key, host), None)
        if not sample.final:
            self._last[sample.key, host] = sample
        while len(self._last) > MAX_JOBS:
            self._last.pop(next(iter(self._last)))
        return {metric.name: value for metric in _CPU_IO_NET if (value := _value(metric, sample, before)) is not None}


def _value(metric: Metric, sample: JobSample, before: JobSample | None) -> float | None:
    """A final sample has counters alone: its gauges are those of a job that is no more."""
    now: int = getattr(sample, metric.field)
    if not metric.counter:
        return None if sample.final else now * metric.scale
    if before is None or sample.time <= before.time:
        return None
    return max(now - getattr(before, metric.field), 0) / (sample.time - before.time) * metric.scale


def _cards(batch: Batch) -> Mapping[JobKey, dict[str, float]]:
    found: defaultdict[JobKey, defaultdict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for card in batch.gpus:
        for metric in _CARDS:
            if (value := getattr(card, metric.field)) is not None:
                found[card.key][metric.name].append(value * metric.scale)
    return {
        key: {name: _joined(METRICS[name], each) for name, each in figures.items()} for key, figures in found.items()
    }


def _joined(metric: Metric, values: list[float]) -> float:
    return sum(values) if metric.additive else sum(values) / len(values)
