"""The process that looks: for each line with a job, its processes and all jobs that are looked at, one with stacks.

`{"job", "pids", "every_s", "jobs"}` is answered by `{"stacks": [[pid, name, frames, samples, cpu_ns]]}`, or by
`{"refused"}` with the reason.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Any

from joblens.stacks.sampler import StackSampler

MOST_BYTES = 128 << 20
"""Of memory: what a job's files make it need beyond its own bounds ends this process, and not the collector."""


def main() -> int:
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
    sampler = StackSampler()
    for line in sys.stdin:
        print(json.dumps(_answer(sampler, json.loads(line))), flush=True)
    return 0


def _answer(sampler: StackSampler, asked: dict[str, Any]) -> dict[str, Any]:
    sampler.keep(asked["jobs"])
    try:
        return {"stacks": sampler.look(asked["job"], asked["pids"], asked["every_s"])}
    except OSError as error:
        return {"refused": str(error)}


if __name__ == "__main__":
    sys.exit(main())
