"""The NVML adapter on answers written by hand: what the recorded machine did not have (slices, a driver reloaded)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from joblens.errors import GpuRefused
from joblens.gpu.cards import Cards
from joblens.gpu.nvml import NvmlReader, load_nvml
from joblens.gpu.nvml_trace import RecordedNvml

NOT_SUPPORTED, GONE, NOT_LOADED = {"error": 3}, {"error": 1}, {"error": 9}
ONE_CARD: dict[str, list[Any]] = {
    "nvmlInit()": [None],
    "nvmlShutdown()": [None],
    "nvmlDeviceGetCount()": [1],
    "nvmlDeviceGetHandleByIndex(0)": ["card"],
    "nvmlDeviceGetUUID(card)": ["GPU-1"],
    "nvmlDeviceGetName(card)": ["A card"],
    "nvmlDeviceGetTotalEnergyConsumption(card)": [7_000],
    "nvmlDeviceGetMigMode(card)": [NOT_SUPPORTED],
    "nvmlDeviceGetUtilizationRates(card)": [{"gpu": 40, "memory": 3}],
    "nvmlDeviceGetMemoryInfo(card)": [{"total": 1_000, "free": 1, "used": 999}],
    "nvmlDeviceGetComputeRunningProcesses(card)": [[{"pid": 11, "usedGpuMemory": 600}]],
    "nvmlDeviceGetGraphicsRunningProcesses(card)": [
        [{"pid": 11, "usedGpuMemory": 600}, {"pid": 12, "usedGpuMemory": None}]
    ],
    "nvmlDeviceGetProcessUtilization(card, 0)": [
        [
            {"pid": 11, "timeStamp": 5, "smUtil": 30, "memUtil": 1},
            {"pid": 11, "timeStamp": 6, "smUtil": 50, "memUtil": 1},
            {"pid": 11, "timeStamp": 7, "smUtil": 4_294_967_295, "memUtil": 1},
        ]
    ],
}
MIG: dict[str, list[Any]] = ONE_CARD | {
    "nvmlDeviceGetMigMode(card)": [[1, 1]],
    "nvmlDeviceGetTotalEnergyConsumption(card)": [7_000, 7_000],
    "nvmlDeviceGetMaxMigDeviceCount(card)": [3],
    "nvmlDeviceGetMigDeviceHandleByIndex(card, 0)": ["slice 0"],
    "nvmlDeviceGetMigDeviceHandleByIndex(card, 1)": [{"error": 6}],
    "nvmlDeviceGetMigDeviceHandleByIndex(card, 2)": ["slice 2"],
    **{
        f"{function}(slice {place})": [answer]
        for place in (0, 2)
        for function, answer in {
            "nvmlDeviceGetUUID": f"MIG-{place}",
            "nvmlDeviceGetName": "A card MIG 1g.10gb",
            "nvmlDeviceGetMemoryInfo": {"total": 100, "free": 1, "used": 99},
            "nvmlDeviceGetComputeRunningProcesses": [{"pid": 20 + place, "usedGpuMemory": 50}],
            "nvmlDeviceGetGraphicsRunningProcesses": NOT_SUPPORTED,
        }.items()
    },
}


def again(trace: dict[str, list[Any]], **changed: list[Any]) -> dict[str, list[Any]]:
    """A trace in which everything is answered twice, but for what is named (without its brackets)."""
    return {call: answers * 2 for call, answers in trace.items()} | {
        f"{name}()": each for name, each in changed.items()
    }


@pytest.mark.requirement("LENS-GPU-01")
def test_a_process_that_computes_and_draws_is_one_and_has_the_mean_of_its_samples() -> None:
    (card,) = NvmlReader(RecordedNvml(ONE_CARD)).read()
    assert (card.sm_percent, card.memory_total_bytes, card.energy_mj, card.mig) == (40.0, 1_000, 7_000, "")
    assert [tuple(each) for each in card.processes] == [(11, 600, 40.0), (12, 0, 0.0)]


@pytest.mark.requirement("LENS-GPU-02")
def test_each_slice_of_a_card_has_its_own_processes_and_its_memory() -> None:
    slices = NvmlReader(RecordedNvml(MIG)).read()
    assert [(each.mig, each.memory_total_bytes) for each in slices] == [("MIG-0", 100), ("MIG-2", 100)]
    assert [process.pid for each in slices for process in each.processes] == [20, 22]
    assert {each.uuid for each in slices} == {"GPU-1"}
    assert [each.sm_percent for each in slices] == [None, None]


def test_a_card_that_tells_no_energy_and_no_utilisation_is_read_all_the_same() -> None:
    poor = ONE_CARD | {
        "nvmlDeviceGetTotalEnergyConsumption(card)": [NOT_SUPPORTED],
        "nvmlDeviceGetUtilizationRates(card)": [NOT_SUPPORTED],
        "nvmlDeviceGetProcessUtilization(card, 0)": [NOT_SUPPORTED],
    }
    (card,) = NvmlReader(RecordedNvml(poor)).read()
    assert (card.energy_mj, card.sm_percent, card.processes[0].sm_percent) == (0, None, None)


def test_a_process_is_idle_where_no_samples_are_there_since_the_last_reading() -> None:
    quiet = ONE_CARD | {"nvmlDeviceGetProcessUtilization(card, 0)": [{"error": 6}]}
    (card,) = NvmlReader(RecordedNvml(quiet)).read()
    assert card.processes[0].sm_percent == 0.0


def test_a_driver_that_is_reloaded_gives_no_cards_until_it_is_back() -> None:
    trace = again(ONE_CARD, nvmlInit=[None, NOT_LOADED, None], nvmlDeviceGetCount=[GONE, 1])
    reader = NvmlReader(RecordedNvml(trace))
    assert reader.read() == []
    assert reader.read() == []
    assert len(reader.read()) == 1


def test_a_card_that_is_lost_while_it_is_read_gives_no_half_reading() -> None:
    lost = again(ONE_CARD) | {"nvmlDeviceGetUtilizationRates(card)": [{"error": 15}, {"gpu": 1, "memory": 1}]}
    reader = NvmlReader(RecordedNvml(lost))
    assert reader.read() == []
    assert len(reader.read()) == 1


def test_a_host_without_the_driver_says_so_and_loads_nothing(tmp_path: Path) -> None:
    with pytest.raises(GpuRefused, match="no NVIDIA driver"):
        load_nvml(tmp_path / "nvidiactl")


def test_a_driver_that_does_not_start_is_refused_and_the_rest_of_the_host_is_read() -> None:
    def broken() -> NvmlReader:
        return NvmlReader(RecordedNvml({"nvmlInit()": [NOT_LOADED]}))

    cards = Cards([broken, lambda: NvmlReader(RecordedNvml(ONE_CARD))])
    assert [each.uuid for each in cards.read()] == ["GPU-1"]
    cards.close()
    with pytest.raises(GpuRefused, match="NVML does not start"):
        Cards([broken])
