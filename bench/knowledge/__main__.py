"""`make bench NAME=knowledge`: the global model at its promised size: memory, changes, restart and a flood.

Each part in a process of its own: `held` with its memory, `restarted` from the database that `held` wrote, `flood`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile

from bench.machine import machine

TARGET = {"rss_mb": 300, "updates_per_s": 1_000, "restart_s": 10}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="ink-bench-") as folder:
        figures = {
            "held": _part("held", f"{folder}/ink.db"),
            "restarted": _part("restarted", f"{folder}/ink.db"),
            "flood": _part("flood"),
        }
    print(json.dumps({"bench": "knowledge", **figures, "target": TARGET, "machine": machine()}))


def _part(name: str, *arguments: str) -> object:
    command = [sys.executable, "-m", f"bench.knowledge.{name}", *arguments]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    return json.loads(printed.splitlines()[-1])


if __name__ == "__main__":
    main()
