"""Other ways to observe the same jobs, each a process: `python -m bench.joblens.peers NAME INTERVAL STARTER`.

`proc` polls /proc by hand, `psutil` by that library; neither sees network or files. `bcc` is a program of Debian's
python3-bpfcc that counts bytes by process and descriptor and nothing else: it needs headers of a kernel to compile
against, those of another one too (`BCC_KERNEL_SOURCE`), because it reads no structure of the kernel.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from joblens.collector.probes.proc_probe import ProcProbe

BCC_PYTHON = "/usr/bin/python3"
"""Whose packages are the distribution's, as BCC is."""


def main() -> None:
    name, interval, starter = sys.argv[1], float(sys.argv[2]), sys.argv[3]
    look = {"proc": _proc, "psutil": _psutil, "bcc": _bcc}[name](starter)
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


def _bcc(starter: str) -> Callable[[], object]:
    """Whoever's bytes they are: to tell jobs apart by the names of starters would need structures of the kernel."""
    from bcc import BPF  # pyright: ignore[reportMissingImports,reportUnknownVariableType]

    program: Any = BPF(text=Path(__file__).with_name("peer.bcc.c").read_text())
    table = program["bytes"]
    return lambda: {(key.process, key.descriptor): value for key, value in table.items_lookup_batch()}


def why_no_bcc() -> str:
    """What BCC lacks on this host; empty where it lacks nothing."""
    if subprocess.run([BCC_PYTHON, "-c", "import bcc"], capture_output=True, timeout=60, check=False).returncode:
        return "Debian's python3-bpfcc is not installed"
    release = Path("/proc/sys/kernel/osrelease").read_text().strip()
    headers = (Path(f"/lib/modules/{release}/build"), Path("/sys/kernel/kheaders.tar.xz"))
    if "BCC_KERNEL_SOURCE" not in os.environ and not any(path.exists() for path in headers):
        return f"there are no headers of {release} here; BCC_KERNEL_SOURCE may name those of another kernel"
    return ""


if __name__ == "__main__":
    main()
