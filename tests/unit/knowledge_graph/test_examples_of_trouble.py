"""Where very many jobs suffer from one thing, a pack tells the thing and a few of the jobs."""

from __future__ import annotations

from datetime import UTC, datetime

from knowledge_graph.clearance import Clearance
from knowledge_graph.context.assembly import assemble
from knowledge_graph.context.pack import Question
from knowledge_graph.facts import Attribute, Edge, Fact, Layer, Origin, Relation
from knowledge_graph.model import GlobalModel
from knowledge_graph.retrieval.finding import Retrieval
from knowledge_graph.retrieval.walk import EXAMPLES

NOW = datetime(2026, 1, 15, tzinfo=UTC)
SAID = Origin("site", Layer.RUNTIME, NOW)


def test_the_failed_server_is_told_before_the_hundredth_job_that_it_stopped() -> None:
    jobs = [f"job:pool/{number}.0" for number in range(100)]
    facts: list[Fact] = [
        Edge("experiment:juno", Relation.MAPS_TO, "filesystem:/juno", SAID),
        Attribute("filesystem:/juno", "state", "degraded", SAID),
        Edge("filesystem:/juno", Relation.RUNS_ON, "node:oss01", SAID),
        Attribute("node:oss01", "state", "down", SAID),
        *(Edge(job, Relation.READS, "filesystem:/juno", SAID) for job in jobs),
        *(Attribute(job, "state", "HOLDING", SAID) for job in jobs),
    ]
    model = GlobalModel()
    model.change(facts)
    asked = Question("What is broken at juno?")
    pack = assemble(Retrieval(model, NOW), asked, Clearance(frozenset()), 512, NOW)
    told = {fact.id.partition("@")[0] for fact in pack.facts}
    assert {"node:oss01.state", "filesystem:/juno runs_on node:oss01"} <= told
    assert 0 < sum(fact.text.startswith("job:") and "state" in fact.text for fact in pack.facts) <= EXAMPLES
