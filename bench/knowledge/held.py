"""One process that holds the model at the promised size: `python -m bench.knowledge.held [DATABASE]`. A line of JSON.

`rss_mb` is the memory of the whole process, interpreter and libraries included. With an SQLite database the model is
saved there, for `restarted`.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path
from statistics import median

from bench.knowledge.facts import NOW, PROMISED, facts, machines, updates
from ink_core.db import Database
from knowledge_graph.changes import Change, Said
from knowledge_graph.clearance import Clearance
from knowledge_graph.context.assembly import assemble
from knowledge_graph.context.pack import Question
from knowledge_graph.facts import Edge, Fact, NodeKind
from knowledge_graph.model import GlobalModel
from knowledge_graph.retrieval.finding import Retrieval
from knowledge_graph.store.sql import SqlKnowledgeStore

BATCH = 1_000
UPDATES = 50_000
PACK_TOKENS = 1_000
QUESTIONS = (
    "why is job 100200.7 held?",
    "which of my jobs are held",
    "what is wrong with wn0042",
    "作业 100031.3 在哪个节点上",
    "where is /fs1 mounted",
    "what does Topic 17 say",
    "whose job is 100123.4",
)


def main() -> None:
    model = GlobalModel()
    model.recover(map(_said, _batches(facts())))
    figures: dict[str, float] = {**size_of(model), "rss_mb": rss_mb()}
    figures["updates_per_s"] = _updates_per_s(model)
    figures["observe_unchanged_s"] = _observe_unchanged_s(model)
    if len(sys.argv) > 1:
        figures["snapshot_s"] = _snapshot_s(model, Path(sys.argv[1]))
    figures["pack_ms"] = _pack_ms(model)
    print(json.dumps(figures))


def size_of(model: GlobalModel) -> Mapping[str, float]:
    nodes = sum(len(model.nodes(kind)) for kind in NodeKind)
    edges = sum(isinstance(fact, Edge) for fact in model.all_facts(NOW))
    return {"nodes": nodes, "edges": edges, "attributes": model.fact_count - edges}


def rss_mb() -> float:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return round(next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), 1)


def _said(batch: Sequence[Fact]) -> Sequence[Change]:
    return [*map(Said, batch)]


def _updates_per_s(model: GlobalModel) -> int:
    several = list(_batches(updates(PROMISED, UPDATES)))
    began = time.perf_counter()
    changes = sum(len(model.change(batch)) for batch in several)
    assert changes == UPDATES
    return round(UPDATES / (time.perf_counter() - began))


def _observe_unchanged_s(model: GlobalModel) -> float:
    observation = machines(PROMISED, NOW + timedelta(minutes=1))
    return _seconds(lambda: model.observe(observation))


def _snapshot_s(model: GlobalModel, file: Path) -> float:
    database = Database(f"sqlite:///{file}")
    database.migrate()

    def save() -> None:
        snapshot = SqlKnowledgeStore(database).begin_snapshot()
        for part in model.snapshot(NOW):
            snapshot.add(part)
        snapshot.finish()

    seconds = _seconds(save)
    database.close()
    return seconds


def _pack_ms(model: GlobalModel) -> float:
    """Time of the processor for one context pack, the median over questions; the index over the model is there."""
    retrieval, reader, spent = Retrieval(model, NOW), Clearance(frozenset({"admins"})), list[float]()
    for text in QUESTIONS * 3:
        began = time.process_time()
        pack = assemble(retrieval, Question(text, asker="user:user007"), reader, PACK_TOKENS, NOW)
        spent.append(time.process_time() - began)
        assert pack.facts, text
    return round(median(spent) * 1000, 1)


def _batches(stream: Iterable[Fact]) -> Iterator[list[Fact]]:
    stream = iter(stream)
    return iter(lambda: list(islice(stream, BATCH)), [])


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return round(time.perf_counter() - began, 3)


if __name__ == "__main__":
    main()
