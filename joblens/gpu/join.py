"""From cards and process trees to `GpuSample`s: a process on a card belongs to the job in whose tree its pid is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from joblens.gpu.reader import CardReading, GpuProcess
from joblens.records import GpuSample, JobKey

VARIABLES = ("SLURM_STEP_GPUS", "SLURM_JOB_GPUS", "_CONDOR_AssignedGPUs", "CUDA_VISIBLE_DEVICES")
"""Where schedulers tell a job its cards, the most telling first."""


def assigned(environ: Mapping[str, str]) -> frozenset[str]:
    """The cards that a scheduler gave a job, from the environment of its root process: indexes or (short) uuids.

    Slurm's global indexes come before `CUDA_VISIBLE_DEVICES`, which counts from 0 inside a device cgroup.
    """
    given = next((environ[name] for name in VARIABLES if environ.get(name)), "")
    return frozenset(part.strip() for part in given.split(",") if part.strip())


def join(
    readings: Sequence[CardReading],
    members: Mapping[JobKey, Iterable[int]],
    cards: Mapping[JobKey, frozenset[str]],
    time: float,
) -> list[GpuSample]:
    """One sample for each job on each card that it uses or was assigned; one that it leaves unused has no processes."""
    job_of = {pid: key for key, pids in members.items() for pid in pids}
    samples: list[GpuSample] = []
    for reading in readings:
        on_card: dict[JobKey, list[GpuProcess]] = {
            key: [] for key, given in cards.items() if _is_one_of(reading, given)
        }
        for process in reading.processes:
            if key := job_of.get(process.pid):
                on_card.setdefault(key, []).append(process)
        samples += [_sample(key, time, reading, processes) for key, processes in on_card.items()]
    return samples


def _sample(key: JobKey, time: float, reading: CardReading, processes: list[GpuProcess]) -> GpuSample:
    return GpuSample(
        key=key,
        time=time,
        card=reading.card,
        uuid=reading.uuid,
        name=reading.name,
        mig=reading.mig,
        sm_percent=_busy(reading, processes),
        memory_percent=reading.memory_percent,
        memory_bytes=sum(process.memory_bytes for process in processes),
        memory_total_bytes=reading.memory_total_bytes,
        processes=len(processes),
        energy_mj=reading.energy_mj,
    )


def _busy(reading: CardReading, processes: list[GpuProcess]) -> float | None:
    """The job's own share; where processes are not told apart the card's figure, which is at least the job's."""
    if not processes:
        return 0.0
    each = [process.sm_percent for process in processes if process.sm_percent is not None]
    return min(sum(each), 100.0) if len(each) == len(processes) else reading.sm_percent


def _is_one_of(reading: CardReading, given: frozenset[str]) -> bool:
    """A card by index or by its uuid or the beginning of it (HTCondor shortens); a slice by its uuid alone."""
    if reading.mig:
        return reading.mig in given
    return str(reading.card) in given or any(
        name.startswith("GPU-") and reading.uuid.startswith(name) for name in given
    )
