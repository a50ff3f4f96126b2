"""Generated from the OpenAPI document by `make api`: not to be changed by hand."""

from enum import StrEnum


class Cause(StrEnum):
    CONTENDED = "contended"
    CPUS_OVER_REQUESTED = "cpus_over_requested"
    FAULT_STORM = "fault_storm"
    GPU_IDLE = "gpu_idle"
    HEALTHY = "healthy"
    HOT_FILE = "hot_file"
    IDLE = "idle"
    IO_BOUND = "io_bound"
    MANY_SMALL_FILES = "many_small_files"
    MANY_SMALL_READS = "many_small_reads"
    MEMORY_LEAK = "memory_leak"
    MEMORY_OVER_REQUESTED = "memory_over_requested"
    MEMORY_SHORT = "memory_short"
    NETWORK_BOUND = "network_bound"
    NO_OUTPUT = "no_output"
    OVERSUBSCRIBED = "oversubscribed"
    RUNAWAY_PROCESSES = "runaway_processes"
    SHORT = "short"
    SINGLE_THREADED = "single_threaded"
    TOO_SHORT_TO_TELL = "too_short_to_tell"
    WAITING = "waiting"

    def __str__(self) -> str:
        return str(self.value)
