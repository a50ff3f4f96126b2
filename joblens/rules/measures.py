"""From the batches of collectors to the events of the engine: counters become rates, cards of a job one figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from joblens.records import Batch, JobKey, JobSample
from joblens.rules.events import Event, Measured
from joblens.store.metrics import METRICS, Metric

MAX_JOBS = 50_000
_SAMPLED = [metric for metric in METRICS.values() if metric.table == "samples"]
_GAUGES = [metric for metric in _SAMPLED if not metric.counter]
_COUNTERS = [metric for metric in _SAMPLED if metric.counter]


def _reader(metrics: Sequence[Metric]) -> Callable[[JobSample], tuple[int, ...]]:
    """By their places, several times as fast as by name: every sample of a site comes by here."""
    return itemgetter(*(JobSample._fields.index(metric.field) for metric in metrics))


_gauges_of, _counters_of = _reader(_GAUGES), _reader(_COUNTERS)
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
        return _gauges(sample) | _rates(before, sample)


def _gauges(sample: JobSample) -> dict[str, float]:
    """None of a final sample, which has counters alone: its gauges are those of a job that is no more."""
    if sample.final:
        return {}
    return {metric.name: value * metric.scale for metric, value in zip(_GAUGES, _gauges_of(sample), strict=True)}


def _rates(before: JobSample | None, sample: JobSample) -> dict[str, float]:
    if before is None or sample.time <= before.time:
        return {}
    seconds = sample.time - before.time
    grown = zip(_COUNTERS, _counters_of(before), _counters_of(sample), strict=True)
    return {metric.name: max(after - earlier, 0) / seconds * metric.scale for metric, earlier, after in grown}


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
