"""What the global model of a full site costs: memory, and how fast it takes changes with all that follows it.

A program of its own, so that nothing else is in the figure: `python -m bench.context.footprint` prints one JSON object.
`rss_mb` is the growth of this process by model and retrieval together, `model_rss_mb` by the model alone.
"""

from __future__ import annotations

import ctypes
import gc
import json
import time
from pathlib import Path
from typing import Any

from bench.context.site.site import site
from bench.context.site.size import FULL
from bench.context.site.sources import NOW
from knowledge_graph.facts import Attribute, NodeKind
from knowledge_graph.model import GlobalModel
from knowledge_graph.retrieval.finding import Retrieval

CHANGES = 10_000
BATCH = 500


def measured(seed: int) -> dict[str, Any]:
    before = _resident_mb()
    model = GlobalModel()
    for observation in site(FULL, seed).observations():
        model.observe(observation)
    alone = _resident_mb() - before
    retrieval = Retrieval(model, NOW)
    together = _resident_mb() - before
    return {"rss_mb": together, "model_rss_mb": alone, "updates_per_s": _updates_per_s(model, retrieval)}


def _updates_per_s(model: GlobalModel, retrieval: Retrieval) -> int:
    """Jobs that change their states, in batches, each indexed before the next."""
    facts = (fact for job in model.nodes(NodeKind.JOB) for fact in model.facts(job, NOW))
    states = [fact for fact in facts if isinstance(fact, Attribute) and fact.name == "state"][:CHANGES]
    changed = [Attribute(one.subject, one.name, f"{one.value}-2", one.origin) for one in states]
    began = time.perf_counter()
    for start in range(0, len(changed), BATCH):
        model.change(changed[start : start + BATCH])
        retrieval.settle()
    return int(len(changed) / (time.perf_counter() - began))


def _resident_mb() -> int:
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS:"))


if __name__ == "__main__":
    print(json.dumps(measured(1)))
