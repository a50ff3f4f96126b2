"""From batches to what rules look at, and rules over what a store holds."""

from __future__ import annotations

import pytest

from ink_core.errors import DeadlineExceeded
from joblens.records import Batch, GpuSample, JobKey, JobSample, Level
from joblens.rules.backtest import backtest
from joblens.rules.events import Act, Measured, StartCapture, Warn
from joblens.rules.measures import Measures
from joblens.store.memory import MemoryStore
from joblens.store.trace_store import JobQuery
from tests.unit.joblens.rules.rule_parts import GB, A, info, rule_set


def sample(time: float, key: JobKey = A, *, final: bool = False, **fields: int) -> JobSample:
    figures = dict.fromkeys(JobSample._fields, 0) | fields
    return JobSample(**figures | {"key": key, "time": time, "final": final})  # pyright: ignore[reportArgumentType]


def batch(
    number: int, time: float, *samples: JobSample, gpus: tuple[GpuSample, ...] = (), first: bool = False
) -> Batch:
    jobs = [info()] if first else []
    return Batch("n1", number, time, 1.0, Level.BPF, jobs=jobs, samples=list(samples), gpus=list(gpus))


def card(busy: float | None, memory: int) -> GpuSample:
    return GpuSample(A, 1.0, 0, "GPU-1", "H200", "", busy, 3.0, memory, 100, 1, 0)


def test_counters_become_rates_and_cards_one_figure() -> None:
    measures = Measures()
    list(measures.events(batch(1, 1.0, sample(1.0, cpu_ns=10**9, rss_bytes=5))))
    gpus = (card(40.0, 10), card(20.0, 5))
    cards, told = measures.events(batch(2, 3.0, sample(3.0, cpu_ns=2 * 10**9, rss_bytes=7, wchar=100), gpus=gpus))
    assert isinstance(cards, Measured) and isinstance(told, Measured)
    assert told.values["cpu_percent"] == pytest.approx(50.0)
    assert (told.values["rss_bytes"], told.values["write_rate"]) == (7, 50.0)
    assert (cards.values["gpu_percent"], cards.values["gpu_memory_bytes"]) == (30.0, 15)


def test_the_first_sample_has_no_rates_and_the_last_no_gauges() -> None:
    measures = Measures()
    (first,) = measures.events(batch(1, 1.0, sample(1.0, cpu_ns=10**9, rss_bytes=5)))
    (last,) = measures.events(batch(2, 2.0, sample(2.0, cpu_ns=2 * 10**9, final=True)))
    assert isinstance(first, Measured) and isinstance(last, Measured)
    assert "cpu_percent" not in first.values and first.values["rss_bytes"] == 5
    assert last.ended and "rss_bytes" not in last.values


BEGAN = 1_000_000.0


def filling(until: int) -> MemoryStore:
    """A job whose memory grows by 1 % of what it asked for each second."""
    store = MemoryStore()
    for second in range(until):
        now = BEGAN + second
        store.write([batch(second, now, sample(now, rss_bytes=second * GB // 100), first=second == 0)])
    return store


@pytest.mark.requirement("LENS-RULES-03")
def test_rules_are_tried_on_what_the_store_holds_and_nothing_is_done() -> None:
    full = {"when": [{"metric": "rss_bytes", "of": "memory", "above": 0.5}], "for": "10s", "cooldown": "20s"}
    rules = rule_set(full | {"capture": {"duration": "30s"}, "act": {"tool": "hold_jobs"}})
    found = backtest(filling(120), rules, JobQuery())
    assert (found.jobs, found.more) == (1, False)
    assert [found.count(kind) for kind in (StartCapture, Warn, Act)] == [3, 2, 1]
    assert found.fired() == {"rule-0": 3}
    assert all(each.dry for each in found.instructions if isinstance(each, (StartCapture, Warn, Act)))
    assert found.instructions[0].fired.time == pytest.approx(BEGAN + 61, abs=2)


def test_a_back_test_looks_at_no_more_jobs_than_it_may_and_says_so() -> None:
    store = MemoryStore()
    for number in range(5):
        key = JobKey("site", f"{number}.0")
        store.write([Batch(f"n{number}", 1, 1.0, 1.0, Level.BPF, jobs=[info(key)], samples=[sample(1.0, key)])])
    found = backtest(store, rule_set({"silent": "1m"}), JobQuery(), max_jobs=3)
    assert (found.jobs, found.more) == (3, True)


def test_a_back_test_ends_at_its_deadline_and_leaves_the_stores_thread() -> None:
    """Two jobs that lie years apart are a million looks at the clock between them, for each rule."""
    store = MemoryStore()
    for number, moment in enumerate((1.0, 4e9)):
        key = JobKey("site", f"{number}.0")
        store.write(
            [Batch("n", number + 1, moment, moment, Level.BPF, jobs=[info(key)], samples=[sample(moment, key)])]
        )
    with pytest.raises(DeadlineExceeded, match="on fewer days"):
        backtest(store, rule_set({"silent": "1m"}), JobQuery(), deadline_s=0)
