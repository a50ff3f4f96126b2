"""Where each class begins. A limit follows from what its class means; the comment says how."""

from __future__ import annotations

from dataclasses import dataclass, replace

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    short_s: float = 60.0  # scheduling, transfer and start-up of a job take tens of seconds
    few_samples: int = 5  # in a short life: rates and means over so little are chance
    busy: float = 0.7  # of the requested cores: a job that computes
    half: float = 0.5  # of what was requested, or of the time: the other half is wasted
    idle_cores: float = 0.05  # of one core: less than housekeeping takes
    starved_switches: float = 30.0  # involuntary switches per second of CPU: a time slice is some milliseconds
    starved_rate: float = 5.0  # of them in each second of its life: it wanted to run all the time
    oversubscription: float = 2.0  # threads per requested core
    memory_full: float = 0.95  # of the request, after which a scheduler may hold or kill
    swap_bytes: float = 16 * MIB
    spare_memory_bytes: float = 256 * MIB  # smaller requests are not worth a change
    memory_margin: float = 1.25  # of the peak: what to request
    leak_bytes: float = 32 * MIB
    leak_step: float = 0.02  # of the final size, in every fifth of the run
    leak_last_step: float = 0.5  # of the mean rise: a job that fills its memory once levels off
    throughput_bytes_s: float = 1e6  # storage or network that a job can be said to work on
    small_io_bytes: float = 4096.0  # a page: the kernel moves no less
    small_io_rate: float = 1000.0  # calls a second, at which entering the kernel is a visible part of a core
    small_file_bytes: float = 64 * 1024.0  # below it, opening takes longer than reading on any shared file system
    many_files: int = 1000
    hot_share: float = 0.8  # of all bytes read
    hot_bytes: float = 64 * MIB
    hot_rereads: float = 4.0  # bytes asked for to bytes fetched from storage
    hot_jobs: int = 10
    runaway_processes: int = 32
    runaway_per_core: int = 8
    fault_rate: float = 20_000.0  # a second: a fault takes one to some microseconds
    gpu_percent: float = 5.0
    output_bytes: float = 1024.0  # a line or two of a log

    def scaled(self, seconds: float) -> Limits:
        """The same for jobs that show their behaviour in seconds: only what is a length of time changes."""
        return replace(self, short_s=self.short_s * seconds)
