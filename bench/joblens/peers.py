"""Other ways to observe the same jobs, each a process: `python -m bench.joblens.peers NAME INTERVAL STARTER`.

`proc` polls /proc by hand, `psutil` by that library; neither sees network or files. BCC needs the kernel's headers.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from joblens.collector.probes.proc_probe import ProcProbe


def main() -> None:
    name, interval, starter = sys.argv[1], float(sys.argv[2]), sys.argv[3]
    look = {"proc": _proc, "psutil": _psutil}[name](starter)
    print("ready", flush=True)
    due = time.monotonic()
    while True:
        look()
        due = max(due + interval, time.monotonic())
        time.sleep(max(0.0, due - time.monotonic()))


def _proc(starter: str) -> Callable[[], object]:
    probe = ProcProbe(frozenset({starter}))
    probe.open()
    return probe.read


def _psutil(starter: str) -> Callable[[], object]:
    import psutil  # pyright: ignore[reportMissingModuleSource]

    wanted = ["cpu_times", "memory_info", "io_counters", "num_threads"]

    def look() -> None:
        for process in psutil.process_iter(["name"]):
            if process.info["name"] == starter:
                for member in process.children(recursive=True):
                    with suppress(psutil.NoSuchProcess):
                        member.as_dict(wanted)

    return look


def why_no_bcc() -> str:
    """What BCC lacks on this host; empty where it lacks nothing."""
    release = Path("/proc/sys/kernel/osrelease").read_text().strip()
    headers = (Path(f"/lib/modules/{release}/build"), Path("/sys/kernel/kheaders.tar.xz"))
    if not any(path.exists() for path in headers):
        return f"BCC compiles against the headers of the kernel, and there are none of {release} here"
    return "the load is not observed by a program of BCC yet"


if __name__ == "__main__":
    main()
