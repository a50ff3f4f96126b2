"""Decision recall on a small site: what `make bench NAME=context` measures on a full one, without embeddings."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.context.contenders.bm25 import Bm25
from bench.context.contenders.contender import Contender, Ours, Ranked
from bench.context.contenders.walks import AnomalyOnly, BreadthFirst, Dump
from bench.context.judging import Judge
from bench.context.measuring import BUDGETS, Tally, run
from bench.context.site.sources import NOW
from knowledge_graph.retrieval.finding import Retrieval
from knowledge_graph.retrieval.names import Names
from tests.unit.context_bench.told import model_of, small_site, some_questions

pytestmark = pytest.mark.xdist_group("context-recall")  # measured once


@pytest.fixture(scope="module")
def tallies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tally]:
    made = small_site()
    model = model_of(made)
    retrieval, names = Retrieval(model, NOW), Names()
    for fact in model.all_facts(NOW):
        names.said(fact)
    bm25 = Bm25(model, model.all_facts(NOW), Path(tmp_path_factory.mktemp("bm25")) / "facts.sqlite")
    rankings = {"bm25": bm25, "bfs": BreadthFirst(names), "dump": Dump(names), "anomaly": AnomalyOnly(names)}
    contenders: dict[str, Contender] = {name: Ranked(retrieval, ranking) for name, ranking in rankings.items()}
    contenders["ours"] = Ours(retrieval)
    asked, judge = some_questions(made), Judge(model, NOW)
    return {name: run(contender, asked, judge, NOW)[0] for name, contender in contenders.items()}


@pytest.mark.requirement("MODEL-CONTEXT-04")
@pytest.mark.parametrize("budget", BUDGETS)
def test_more_decisions_have_all_their_evidence_than_by_any_simpler_way(budget: int, tallies: dict[str, Tally]) -> None:
    found = {
        name: sum(whole for (_, at), whole in tally.whole.items() if at == budget) for name, tally in tallies.items()
    }
    ours = found.pop("ours")
    assert ours > max(found.values()), found


def test_nearly_all_decisions_have_all_their_evidence_within_2000_tokens(tallies: dict[str, Tally]) -> None:
    ours = tallies["ours"]
    asked, whole = (sum(n for (_, at), n in counts.items() if at == 2048) for counts in (ours.asked, ours.whole))
    assert whole / asked >= 0.95


def test_nothing_leaks_and_nothing_expired_is_sent(tallies: dict[str, Tally]) -> None:
    assert [(tally.leaks, tally.expired) for tally in tallies.values()] == [(0, 0)] * len(tallies)
