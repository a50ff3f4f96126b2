"""Cards and process trees together."""

from __future__ import annotations

import pytest

from joblens.gpu.join import assigned, join
from joblens.gpu.reader import CardReading, GpuProcess
from joblens.records import JobKey

A, B = JobKey("site", "172.0"), JobKey("site", "67890")


def card(*processes: GpuProcess, index: int = 0, mig: str = "", busy: float | None = 80.0) -> CardReading:
    return CardReading(index, f"GPU-{index}aaa-bbb", "H200", mig, busy, 5.0, 1_000, 7, processes)


@pytest.mark.requirement("LENS-GPU-02")
def test_a_process_belongs_to_the_job_in_whose_tree_it_is() -> None:
    reading = card(GpuProcess(11, 100, 60.0), GpuProcess(12, 50, 10.0), GpuProcess(21, 7, 5.0), GpuProcess(99, 1, 1.0))
    first, second = join([reading], {A: [10, 11, 12], B: [20, 21]}, {}, 5.0)
    assert (first.key, first.memory_bytes, first.processes, first.sm_percent) == (A, 150, 2, 70.0)
    assert (second.key, second.memory_bytes, second.processes, second.sm_percent) == (B, 7, 1, 5.0)


@pytest.mark.requirement("LENS-GPU-02")
def test_a_job_on_two_slices_has_a_sample_for_each() -> None:
    slices = [
        card(GpuProcess(11, 100, None), mig="MIG-1", busy=None),
        card(GpuProcess(12, 5, None), mig="MIG-2", busy=None),
    ]
    samples = join(slices, {A: [11, 12]}, {}, 5.0)
    assert [(each.mig, each.memory_bytes, each.sm_percent) for each in samples] == [
        ("MIG-1", 100, None),
        ("MIG-2", 5, None),
    ]


@pytest.mark.requirement("LENS-GPU-01")
def test_a_card_that_was_assigned_and_is_not_used_is_told_with_no_process() -> None:
    (sample,) = join([card(), card(index=1)], {A: [10]}, {A: frozenset({"1"})}, 5.0)
    assert (sample.card, sample.processes, sample.memory_bytes, sample.sm_percent) == (1, 0, 0, 0.0)


def test_without_figures_per_process_a_job_has_the_figure_of_the_card() -> None:
    (sample,) = join([card(GpuProcess(11, 100, None))], {A: [11]}, {}, 5.0)
    assert sample.sm_percent == 80.0


@pytest.mark.parametrize(
    ("environ", "cards"),
    [
        ({}, set[str]()),
        ({"CUDA_VISIBLE_DEVICES": "GPU-0aaa, GPU-1aaa"}, {"GPU-0aaa", "GPU-1aaa"}),
        ({"CUDA_VISIBLE_DEVICES": "0", "SLURM_JOB_GPUS": "3"}, {"3"}),
        ({"CUDA_VISIBLE_DEVICES": ""}, set[str]()),
    ],
)
def test_the_cards_of_a_job_are_in_its_environment(environ: dict[str, str], cards: set[str]) -> None:
    assert assigned(environ) == cards


def test_an_htcondor_job_names_its_card_by_the_beginning_of_the_uuid() -> None:
    samples = join([card(), card(index=1)], {}, {A: frozenset({"GPU-1aaa"}), B: frozenset({"GPU-9"})}, 5.0)
    assert [(each.key, each.card) for each in samples] == [(A, 1)]
