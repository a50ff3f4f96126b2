"""`make bench NAME=context`: decision recall of context packs at five budgets, ours beside simpler ways to choose.

A decision counts when all facts that its answer needs are in the pack, whole. Templates of questions are in two halves;
only the tuned one has been looked at while retrieval was worked on. The last line is one JSON object. `ARGS=small` is a
small site without embeddings, in seconds; `ARGS=misses` asks the tuned half alone and tells what its packs lack.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.context.contenders.bm25 import Bm25
from bench.context.contenders.contender import Contender, Ours, Ranked, Ranking
from bench.context.contenders.embeddings import Embeddings
from bench.context.contenders.walks import AnomalyOnly, BreadthFirst, Dump
from bench.context.judging import Judge
from bench.context.measuring import Miss, Tally, beats_all, figures, run
from bench.context.questions.asking import probes, questions
from bench.context.questions.question import BenchQuestion, Half
from bench.context.site.site import Site, site
from bench.context.site.size import FULL, SMALL
from bench.context.site.sources import NOW
from bench.machine import machine
from knowledge_graph.facts import Edge
from knowledge_graph.model import GlobalModel
from knowledge_graph.retrieval.finding import Retrieval
from knowledge_graph.retrieval.names import Names

SEED = 1
EACH = 2
TARGET = {
    "dr": "above every other at every budget, on both halves",
    "dr_2048": 0.95,
    "p50_ms": 10,
    "p99_ms": 50,
    "leaks": 0,
    "nodes": 100_000,
    "edges": 500_000,
    "rss_mb": 300,
    "updates_per_s": 1_000,
}


def main() -> None:
    is_small, shows_misses = "small" in sys.argv, "misses" in sys.argv
    print("building the site", file=sys.stderr)
    made = site(SMALL if is_small else FULL, SEED)
    model = told(made)
    asked = [one for one in (*questions(made, EACH), *probes(made, 1)) if one.half is Half.TUNED or not shows_misses]
    with tempfile.TemporaryDirectory(prefix="ink-bench-") as folder:
        measured = contend(model, asked, Path(folder), with_embeddings=not is_small, shows_misses=shows_misses)
    costs = {} if is_small else _footprint()
    result = {"bench": "context", **measured, **_size(made), **costs, "target": TARGET, "machine": machine()}
    print(json.dumps(result))


def told(made: Site) -> GlobalModel:
    """A model that was told all of it."""
    model = GlobalModel()
    for observation in made.observations():
        model.observe(observation)
    return model


def contend(
    model: GlobalModel,
    asked: Sequence[BenchQuestion],
    folder: Path,
    *,
    with_embeddings: bool,
    shows_misses: bool = False,
) -> dict[str, Any]:
    retrieval, judge = Retrieval(model, NOW), Judge(model, NOW)
    tallies: dict[str, Tally] = {}

    def ask(name: str, contender: Contender) -> Sequence[Miss]:
        print(f"asking {name}", file=sys.stderr)
        tallies[name], misses = run(contender, asked, judge, NOW)
        print({half.value: tallies[name].recall(half) for half in Half}, file=sys.stderr)
        return misses

    misses = ask("ours", Ours(retrieval))
    if shows_misses:
        _tell(misses)
    for name, ranking in _rankings(model, folder).items():
        ask(name, Ranked(retrieval, ranking))
    problems: dict[str, str] = {}
    if with_embeddings:
        print("embedding all nodes: minutes", file=sys.stderr)
        try:
            ask("embeddings", Ranked(retrieval, Embeddings(model, asked, NOW)))
        except subprocess.CalledProcessError as error:
            problems["embeddings"] = f"not measured: {error}"
    return {**figures(tallies), "beats_all": beats_all(tallies), **problems}


def _rankings(model: GlobalModel, folder: Path) -> Mapping[str, Ranking]:
    names = Names()
    for fact in model.all_facts(NOW):
        names.said(fact)
    return {
        "bm25": Bm25(model, model.all_facts(NOW), folder / "facts.sqlite"),
        "bfs": BreadthFirst(names),
        "k-hop dump": Dump(names),
        "anomaly only": AnomalyOnly(names),
    }


def _tell(misses: Sequence[Miss]) -> None:
    for miss in misses:
        if miss.question.half is Half.TUNED:
            lacks = " and ".join(" or ".join(sorted(need)) for need in miss.verdict.missing)
            print(
                f"{miss.budget} {miss.question.template}: {miss.question.question.text} LACKS {lacks}", file=sys.stderr
            )


def _size(made: Site) -> dict[str, int]:
    nodes: set[str] = set()
    edges = 0
    for observation in made.observations():
        for fact in observation.facts:
            nodes.add(fact.subject)
            if isinstance(fact, Edge):
                nodes.add(fact.target)
                edges += 1
    return {"nodes": len(nodes), "edges": edges}


def _footprint() -> dict[str, Any]:
    print("measuring memory and changes", file=sys.stderr)
    done = subprocess.run(
        [sys.executable, "-m", "bench.context.footprint"], stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout)


if __name__ == "__main__":
    main()
