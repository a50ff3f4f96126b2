"""What `/proc` tells of one process, in the units of `Usage`. Values are `None` where the process is gone."""

from __future__ import annotations

import os
import time
from typing import NamedTuple

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
NS_PER_MS = 1_000_000
NS_PER_TICK = 1_000_000_000 // _TICKS


class Stat(NamedTuple):
    """`/proc/PID/stat`, proc(5). Times are those of the process and of the children it has waited for."""

    name: str
    ppid: int
    start_ticks: int  # since boot; with the pid it names a process for ever
    user_ns: int
    system_ns: int
    waited_ns: int
    minor_faults: int
    major_faults: int
    threads: int
    vm_bytes: int
    rss_bytes: int


class Io(NamedTuple):
    """`/proc/PID/io`; zeros where the kernel does not let us see it."""

    rchar: int = 0
    wchar: int = 0
    syscr: int = 0
    syscw: int = 0
    read_bytes: int = 0
    write_bytes: int = 0


class Status(NamedTuple):
    """`/proc/PID/status`."""

    uid: int = 0
    rss_peak_bytes: int = 0
    swap_bytes: int = 0
    voluntary_switches: int = 0
    involuntary_switches: int = 0


def stat(pid: int) -> Stat | None:
    try:
        with open(f"/proc/{pid}/stat", "rb", buffering=0) as file:
            line = file.read(4096)
    except OSError:
        return None
    opened, closed = line.index(b"("), line.rindex(b")")  # a name may hold anything, brackets and spaces included
    field = line[closed + 2 :].split()
    return Stat(
        name=line[opened + 1 : closed].decode("utf-8", "surrogateescape"),
        ppid=int(field[1]),
        start_ticks=int(field[19]),
        user_ns=int(field[11]) * NS_PER_TICK,
        system_ns=int(field[12]) * NS_PER_TICK,
        waited_ns=(int(field[13]) + int(field[14])) * NS_PER_TICK,
        minor_faults=int(field[7]) + int(field[8]),
        major_faults=int(field[9]) + int(field[10]),
        threads=int(field[17]),
        vm_bytes=int(field[20]),
        rss_bytes=int(field[21]) * _PAGE,
    )


def io(pid: int) -> Io:
    try:
        with open(f"/proc/{pid}/io", "rb", buffering=0) as file:
            words = file.read(1024).split()
    except OSError:
        return Io()
    return Io(*(int(word) for word in words[1:12:2])) if len(words) > 11 else Io()


def cpu_wait_ms(pid: int) -> int | None:
    """Of `/proc/PID/schedstat`: how long its first thread was ready to run and had no processor. `None` too where the
    kernel does not count that."""
    try:
        with open(f"/proc/{pid}/schedstat", "rb", buffering=0) as file:
            words = file.read(128).split()
    except OSError:
        return None
    has_run = len(words) == 3 and int(words[2]) > 0
    return int(words[1]) // NS_PER_MS if has_run else None


def counts_waits_for_cpu() -> bool:
    return cpu_wait_ms(os.getpid()) is not None


def accounts_for_delays() -> bool:
    """Whether the kernel measures how long tasks wait for block devices (sysctl kernel.task_delayacct, Linux 5.14)."""
    try:
        with open("/proc/sys/kernel/task_delayacct", "rb", buffering=0) as file:
            return int(file.read(8)) > 0
    except OSError:
        return False


def unseen_waits() -> tuple[str, ...]:
    """The waits that this kernel does not measure, as `Probe.unseen` names them."""
    return ("cpu_wait",) * (not counts_waits_for_cpu()) + ("io_wait",) * (not accounts_for_delays())


_STATUS = {
    b"Uid:": "uid",
    b"VmHWM:": "rss_peak_bytes",
    b"VmSwap:": "swap_bytes",
    b"voluntary_ctxt_switches:": "voluntary_switches",
    b"nonvoluntary_ctxt_switches:": "involuntary_switches",
}


def status(pid: int) -> Status:
    try:
        with open(f"/proc/{pid}/status", "rb", buffering=0) as file:
            lines = file.read(16384).splitlines()
    except OSError:
        return Status()
    found: dict[str, int] = {}
    for line in lines:
        words = line.split()
        if words and (name := _STATUS.get(words[0])):
            found[name] = int(words[1]) * (1024 if words[-1] == b"kB" else 1)
    return Status(**found)


def started(start_ticks: int) -> float:
    """Seconds since the epoch; a hundredth of a second is the grain."""
    return time.time() - time.clock_gettime(time.CLOCK_BOOTTIME) + start_ticks / _TICKS


def pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdecimal()]
