"""What an NVIDIA H200 answered (driver 580.159, `tests/device/gpu_check.py`) while one job kept it busy with 512 MiB,
another held 2,048 MiB and a third never opened it: read by the adapter and joined to the jobs by process id."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from joblens.gpu.join import join
from joblens.gpu.nvml import ENERGY_EVERY, NvmlReader
from joblens.gpu.nvml_trace import RecordedNvml
from joblens.records import GpuSample, JobKey

RECORDED: dict[str, Any] = json.loads((Path(__file__).parent / "h200.json").read_text())
BUSY, HOLDS, UNUSED = (JobKey("device", job) for job in ("1.0", "2.0", "3.0"))
MIB = 1024 * 1024


@pytest.fixture
def readings() -> list[list[GpuSample]]:
    """Ten readings of one second each, and one after both jobs had ended."""
    energy = "nvmlDeviceGetTotalEnergyConsumption(handle 0)"  # recorded for each reading, and asked for in some
    calls = RECORDED["calls"] | {energy: RECORDED["calls"][energy][::ENERGY_EVERY]}
    reader = NvmlReader(RecordedNvml(calls))
    members = {JobKey("device", job): pids for job, pids in RECORDED["pids"].items()}
    return [join(reader.read(), members, {UNUSED: frozenset({"0"})}, float(second)) for second in range(11)]


@pytest.mark.requirement("LENS-GPU-01")
def test_utilisation_is_that_of_the_job_which_works(readings: list[list[GpuSample]]) -> None:
    told = {
        key: [each.sm_percent for second in readings[1:10] for each in second if each.key == key]
        for key in (BUSY, HOLDS)
    }
    assert len(told[BUSY]) == len(told[HOLDS]) == 9
    assert all(percent is not None and percent > 90 for percent in told[BUSY])
    assert set(told[HOLDS]) == {0.0}


@pytest.mark.requirement("LENS-GPU-01")
def test_memory_is_what_each_job_allocated_and_its_context(readings: list[list[GpuSample]]) -> None:
    memory = {each.key: each.memory_bytes for each in readings[5]}
    assert memory[HOLDS] - memory[BUSY] == 1536 * MIB
    assert 512 * MIB < memory[BUSY] < 1100 * MIB
    assert memory[UNUSED] == 0


@pytest.mark.requirement("LENS-GPU-02")
def test_the_processes_are_found_by_their_ids_and_leave_with_their_jobs(readings: list[list[GpuSample]]) -> None:
    assert [{each.key: each.processes for each in second} for second in readings[:10]] == [
        {BUSY: 1, HOLDS: 1, UNUSED: 0}
    ] * 10
    assert [each.key for each in readings[10]] == [UNUSED]


def test_energy_of_the_card_rises_by_what_such_a_card_draws(readings: list[list[GpuSample]]) -> None:
    watts = (readings[ENERGY_EVERY][0].energy_mj - readings[0][0].energy_mj) / ENERGY_EVERY / 1000
    assert 100 < watts < 750
