"""What a pool or a Slurm cluster consists of, from ads and records written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import httpx2
import pytest

pytest.importorskip("htcondor2")

from ink_core.compute.htcondor.pool import Pool
from ink_core.compute.htcondor.topology import topology as of_pool
from ink_core.compute.options import HtcondorOptions, SlurmOptions
from ink_core.compute.slurm.rest import SlurmRest
from ink_core.compute.slurm.topology import topology as of_slurm
from ink_core.compute.topology import NodeDetails, Slot


class WrittenPool:
    """What `of_pool` asks of a pool."""

    options = HtcondorOptions(name="pool")

    def __init__(self, *slots: dict[str, Any]) -> None:
        self._slots = slots

    def machines(self, constraint: str, projection: Sequence[str]) -> Sequence[dict[str, Any]]:
        return self._slots

    def schedds(self, projection: Sequence[str]) -> Sequence[dict[str, Any]]:
        return [{"Name": "ap1", "Machine": "ap1.example", "TotalRunningJobs": 3, "TotalIdleJobs": 2}]


def slot(name: str = "slot1@wn1", state: str = "Unclaimed", kind: str = "Partitionable", **more: Any) -> dict[str, Any]:
    ad = {"Name": name, "Machine": name.partition("@")[2], "State": state, "Activity": "Idle", "SlotType": kind}
    return {**ad, "Cpus": 8, "Memory": 16_000, "TotalSlotCpus": 8, "TotalSlotMemory": 16_000, **more}


def node_of(*slots: dict[str, Any]) -> NodeDetails:
    (node,) = of_pool(cast(Pool, WrittenPool(*slots))).nodes
    return node


def test_a_machine_has_the_cpus_of_its_slots_and_each_slot_is_told() -> None:
    carved = slot("slot1_1@wn1", "Claimed", "Dynamic", Cpus=2, Memory=4000, TotalSlotCpus=2, Activity="Busy")
    seen = of_pool(cast(Pool, WrittenPool(slot(Cpus=6, TotalLoadAvg=1.96, TotalGPUs=2), carved)))
    (node,) = seen.nodes
    assert (node.cpus, node.cpus_used, node.load, node.gpus, node.out_of_service) == (8, 2, 2.0, 2, False)
    assert seen.slots[1] == Slot("slot1_1@wn1", "wn1", "Claimed", "Busy", 2, 4000)
    assert [(one.name, one.running, one.idle, one.held) for one in seen.schedds] == [("ap1", 3, 2, 0)]


def test_a_machine_that_drains_takes_no_new_jobs_while_it_still_runs_some() -> None:
    carved = slot("slot1_1@wn1", "Claimed", "Dynamic", Cpus=2, TotalSlotCpus=2, Activity="Retiring")
    node = node_of(slot(state="Drained", Cpus=6, DrainReason="a disk is replaced"), carved)
    assert (node.state, node.out_of_service, node.reason) == ("Claimed", True, "a disk is replaced")
    assert node_of(slot(state="Owner")).out_of_service
    assert not node_of(slot("slot1@wn1", "Owner", "Static"), slot("slot2@wn1", "Unclaimed", "Static")).out_of_service


def number(value: int) -> dict[str, Any]:
    return {"set": True, "infinite": False, "number": value}


def test_nodes_and_partitions_of_slurm_are_told_with_reasons_limits_and_gpus(tmp_path: Any) -> None:
    scontrol = tmp_path / "scontrol"
    scontrol.write_text("#!/bin/sh\necho SLURM_JWT=secret\n")
    scontrol.chmod(0o755)
    node = {
        "name": "wn1",
        "state": ["IDLE", "DRAIN"],
        "cpus": 8,
        "alloc_cpus": 0,
        "real_memory": 16_000,
        "free_mem": number(12_000),
        "cpu_load": number(150),
        "reason": "disk",
        "gres": "gpu:a100:4(S:0-1),shard:8",
        "partitions": ["long"],
    }
    partition = {
        "name": "long",
        "nodes": {"total": 2},
        "cpus": {"total": 16},
        "maximums": {"time": number(1440)},
        "partition": {"state": ["UP"]},
        "groups": {"allowed": "cms,atlas"},
        "accounts": {"allowed": "ALL"},
    }
    answers = {"nodes": {"nodes": [node]}, "partitions": {"partitions": [partition]}}
    options = SlurmOptions(name="slurm", scontrol=str(scontrol))
    transport = httpx2.MockTransport(lambda asked: httpx2.Response(200, json=answers[asked.url.path.split("/")[-2]]))
    seen = of_slurm("slurm", SlurmRest(options, transport))
    (told,) = seen.nodes
    assert (told.out_of_service, told.reason, told.load, told.memory_free_mb) == (True, "disk", 1.5, 12_000)
    assert (told.gpus, told.partitions) == (4, ("long",))
    assert [(one.name, one.state, one.cpus, one.longest_s) for one in seen.partitions] == [("long", "UP", 16, 86_400)]
    assert (seen.partitions[0].allowed_groups, seen.partitions[0].allowed_accounts) == (("cms", "atlas"), ())
