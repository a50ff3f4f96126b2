"""Metrics: what they are called, and that the reference page tells them all."""

from __future__ import annotations

from pathlib import Path

import pytest

from ink_core.errors import BadInput
from joblens.records import COUNTERS, GpuSample, JobSample, PowerSample
from joblens.store.metrics import METRICS, metric

PAGE = Path(__file__).parents[3] / "docs/reference/trace-store.md"
ROWS = {"samples": JobSample, "gpus": GpuSample, "power": PowerSample}


def test_every_metric_reads_a_field_that_there_is() -> None:
    for each in METRICS.values():
        assert each.field in ROWS[each.table]._fields
        assert each.counter == (each.field in (*COUNTERS, "energy_uj"))


def test_the_reference_page_tells_every_metric() -> None:
    page = PAGE.read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `") and line.count("|") == 5]
    assert [line.split("`")[1] for line in rows] == list(METRICS)


def test_an_unknown_metric_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(BadInput, match=r"'speed'.*cpu_percent.*power_watts"):
        metric("speed")
