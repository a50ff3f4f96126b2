"""What the BPF programs and their readers share, as in `joblens.h`; a test compares the two."""

from __future__ import annotations

import ctypes
from enum import IntEnum

MAX_JOBS = 2048
MAX_STARTERS = 8
NAME_LENGTH = 16
MAX_SYSCALLS = 512
MAX_PLACES = 16384

U32, U64 = ctypes.c_uint32, ctypes.c_uint64


class JobState(IntEnum):
    FREE = 0
    RUNNING = 1
    ENDED = 2
    TAKEN = 3  # being filled


class EventType(IntEnum):
    EXECUTED = 1
    ENVIRONMENT = 2
    FILE_NAMED = 3


class SyscallKind(IntEnum):
    NOT_IO = 0
    READS = 1  # from the first argument
    WRITES = 2  # to the first
    SENDS_FILE = 3  # to the first from the second
    COPIES = 4  # from the first to the third
    SENDS = 5  # a message to the first
    RECEIVES = 6  # one from the first, flags in the fourth
    RECEIVES_ONE = 7  # one from the first, flags in the third
    SENDS_MANY = 8  # as many messages as the result says, told by the second
    RECEIVES_MANY = 9  # likewise, flags in the fourth


def _all_u64(*names: str) -> list[tuple[str, type[ctypes.c_uint64]]]:
    return [(name, U64) for name in names]


class Counters(ctypes.Structure):
    _fields_ = _all_u64(
        *("cpu_ns", "rchar", "wchar", "read_bytes", "write_bytes", "syscr", "syscw", "net_rx", "net_tx"),
        *("minor_faults", "major_faults", "voluntary_switches", "involuntary_switches"),
        *("cpu_wait_ns", "io_wait_ns"),
        *("other_read", "other_written"),
    )


class Traffic(ctypes.Structure):
    _fields_ = _all_u64("read_bytes", "read_ops", "write_bytes", "write_ops")


class Job(ctypes.Structure):
    _fields_ = [
        *_all_u64(
            "state",
            "handle",
            "root_pid",
            "starter_pid",
            "uid",
            "started_ns",
            "adopted",
            "alive",
            "unsettled",
            "execs",
            "named",
        ),
        ("name", ctypes.c_char * NAME_LENGTH),
        *_all_u64(
            "epoch", "rss_pages", "swap_pages", "processes", "threads", "peak_pages", "quiet_ns", "files", "peers"
        ),
        ("ended", Counters),
        ("passed", Counters),
        ("told", Counters),
        ("other_files", Traffic),
        ("rings", Traffic),
    ]


class Usage(ctypes.Structure):
    """The figures of the probe's `Usage` in its order, then what readers of files need besides."""

    _fields_ = [
        *_all_u64(
            *("handle", "cpu_ns", "rchar", "wchar", "read_bytes", "write_bytes", "syscr", "syscw", "net_rx", "net_tx"),
            *(
                "minor_faults",
                "major_faults",
                "voluntary_switches",
                "involuntary_switches",
                "cpu_wait_ms",
                "io_wait_ms",
            ),
            *("rss_bytes", "rss_peak_bytes", "swap_bytes", "processes", "threads", "has_ended", "ended_ns"),
            *("other_read", "other_written"),
        ),
        *(("other_files", Traffic), ("rings", Traffic)),
    ]


class Places(ctypes.Structure):
    _fields_ = _all_u64("all", "taken", "given_back")


class Shared(ctypes.Structure):
    _fields_ = [
        *_all_u64(
            *("epoch", "next_slot", "lost_events", "fell_quiet", "given", "connections", "dying"),
            *("files_per_job", "peers_per_job", "any_user_starts", "tells_peers", "page_bytes"),
        ),
        *(("files", Places), ("peers", Places)),
        ("starters", (ctypes.c_char * NAME_LENGTH) * MAX_STARTERS),
        ("syscalls", ctypes.c_uint8 * MAX_SYSCALLS),
        ("jobs", Job * MAX_JOBS),
        ("told", U64),
        ("usages", Usage * MAX_JOBS),
    ]


class FileKey(ctypes.Structure):
    _fields_ = [("handle", U64), ("inode", U64), ("device", U32), ("generation", U32)]


class FileValue(ctypes.Structure):
    _fields_ = [("traffic", Traffic), ("named", U64)]


class PeerKey(ctypes.Structure):
    _fields_ = [
        *(("handle", U64), ("address", U32 * 4), ("port", ctypes.c_uint16)),
        *(("protocol", ctypes.c_uint16), ("family", ctypes.c_uint16), ("pad", ctypes.c_uint16)),
    ]


class Event(ctypes.Structure):
    _fields_ = [("type", U32), ("pid", U32), ("handle", U64)]


class Executed(ctypes.Structure):
    """Followed by `length` bytes: the control group's names from the innermost upwards, each with its NUL."""

    _fields_ = [
        ("head", Event),
        *_all_u64("starter_pid", "uid", "when_ns", "is_first"),
        ("name", ctypes.c_char * NAME_LENGTH),
        *(("length", U32), ("parts", U32)),
    ]


class Environment(ctypes.Structure):
    """Followed by `length` bytes of the environment block."""

    _fields_ = [("head", Event), ("length", U32), ("last", U32)]


class FileNamed(ctypes.Structure):
    """Followed by `length` bytes: the path's names from the file upwards, each with its NUL."""

    _fields_ = [
        *(("head", Event), ("key", FileKey)),
        ("type", ctypes.c_char * NAME_LENGTH),
        *(("subtype", ctypes.c_char * (2 * NAME_LENGTH)), ("source", ctypes.c_char * (2 * NAME_LENGTH))),
        *(("length", U32), ("parts", U32), ("below_mount", U32), ("truncated", U32)),
    ]
