"""Jobs that the page of JobLens is tried with, as collectors tell of them."""

from __future__ import annotations

import time
from dataclasses import replace

from joblens.records import (
    Batch,
    ConnectionSample,
    FileSample,
    GpuSample,
    JobInfo,
    JobKey,
    JobSample,
    Level,
    Mark,
    MarkKind,
    ProcessSample,
    StackSample,
    Traffic,
)

STEP_S = 5.0
STEPS = 120
MB = 1 << 20
HOST = "node-007"
BEGUN = time.time() - 3600


def key_of(job: str) -> JobKey:
    return JobKey("dev", job)


def info(job: str, user: str = "alice", *, begun: float = BEGUN) -> JobInfo:
    return JobInfo(
        key_of(job), "htcondor", HOST, user, 1000, "reco.sh", 17, begun, schedd="ap", cpus=4, memory_bytes=2048 * MB
    )


def samples(job: str, *, begun: float = BEGUN, cores: float = 1.0, ended: bool = True) -> list[JobSample]:
    """For its first half it reads and computes little, then it computes with `cores` and writes."""
    half = STEPS // 2
    return [
        JobSample(
            key=key_of(job),
            time=begun + step * STEP_S,
            cpu_ns=int((min(step, half) * 0.1 + max(0, step - half) * cores) * STEP_S * 1e9),
            rchar=min(step, half) * 50 * MB,
            wchar=max(0, step - half) * 5 * MB,
            read_bytes=min(step, half) * 50 * MB,
            write_bytes=max(0, step - half) * 5 * MB,
            syscr=step * 200,
            syscw=step * 20,
            net_rx=step * 1000,
            net_tx=step * 400,
            minor_faults=step,
            major_faults=0,
            voluntary_switches=step,
            involuntary_switches=step,
            cpu_wait_ms=step * 7,
            io_wait_ms=step * 5,
            rss_bytes=(300 + 4 * step) * MB,
            rss_peak_bytes=(300 + 4 * step) * MB,
            swap_bytes=0,
            processes=2,
            threads=5,
            final=ended and step == STEPS,
        )
        for step in range(1, STEPS + 1)
    ]


def files(job: str, begun: float = BEGUN) -> list[FileSample]:
    at = begun + STEPS * STEP_S
    rows = [
        ("/eos/lhaaso/run1.root", "/eos", "fuse.eosxd", Traffic.FILE, 3000 * MB, 6000, 0, 0),
        ("/work/out.root", "/work", "ext4", Traffic.FILE, 0, 0, 300 * MB, 1200),
        ("root://eos.example//calib.db", "", "", Traffic.NETWORK, 12 * MB, 30, 0, 0),
        ("", "", "", Traffic.UNATTRIBUTED, 2 * MB, 0, 0, 0),
        ("", "", "", Traffic.FILE, MB, 70, 0, 0),
    ]
    return [FileSample(key_of(job), at, *row) for row in rows]


def measured(
    job: str, user: str = "alice", *, begun: float = BEGUN, cores: float = 1.0, ended: bool = True, sequence: int
) -> Batch:
    marks = [Mark(key_of(job), begun, MarkKind.START, ""), Mark(key_of(job), begun + 250, MarkKind.CHECKPOINT, "ck1")]
    return Batch(
        HOST,
        sequence,
        begun + STEPS * STEP_S,
        STEP_S,
        Level.BPF,
        jobs=[info(job, user, begun=begun)],
        samples=samples(job, begun=begun, cores=cores, ended=ended),
        files=files(job, begun),
        marks=marks,
    )


def running(job: str, user: str = "alice", *, sequence: int) -> Batch:
    """Sampled until now."""
    return measured(job, user, begun=time.time() - STEPS * STEP_S, ended=False, sequence=sequence)


def on_cards(job: str, *, begun: float = BEGUN, sequence: int) -> Batch:
    """Two cards: the first busy, the second idle."""
    batch = measured(job, begun=begun, sequence=sequence)
    cards = [
        GpuSample(
            key_of(job),
            row.time,
            card,
            f"GPU-{card}",
            "card",
            "",
            80.0 - 75 * card,
            10.0,
            (4 - 3 * card) << 30,
            1 << 35,
            1,
            0,
        )
        for row in batch.samples
        for card in (0, 1)
    ]
    return replace(batch, gpus=cards)


def captured(job: str, *, sequence: int) -> Batch:
    """What a capture saw a minute ago: a process that unpacks what it reads for three quarters of its time."""
    at = time.time() - 60
    process = dict.fromkeys(ProcessSample._fields, 0) | {"key": key_of(job), "time": at, "pid": 4712, "name": "reco"}
    stacks = [
        StackSample(key_of(job), at, 4712, "reco", frames, samples, samples * 10**8)
        for frames, samples in (("main;TTree::GetEntry;R__unzip", 30), ("main;Fit::Fill", 10))
    ]
    processes = [ProcessSample(**process)]  # pyright: ignore[reportArgumentType]
    ends = ("192.0.2.17", 40112, "192.0.2.7", 1094)
    peer = ConnectionSample(key_of(job), at, 4712, "tcp", "ESTABLISHED", *ends, 2048, 7 * MB, 410, 0)
    return Batch(HOST, sequence, at, 1.0, Level.BPF, processes=processes, connections=[peer], stacks=stacks)


def many(number: int, *, sequence: int) -> Batch:
    """So many short jobs."""
    jobs = [info(f"{10_000 + each}.0", begun=BEGUN + each / 10) for each in range(number)]
    last = samples("x")[-1]
    rows = [last._replace(key=each.key, time=each.started + 5) for each in jobs]
    return Batch(HOST, sequence, BEGUN + number, STEP_S, Level.BPF, jobs=jobs, samples=rows)
