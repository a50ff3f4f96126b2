"""Decision recall beside real embeddings (all-MiniLM-L6-v2 in int8 by onnxruntime) on a small site."""

from __future__ import annotations

import pytest

from bench.context.contenders.contender import Ours, Ranked
from bench.context.contenders.embeddings import EMBEDDINGS, Embeddings
from bench.context.judging import Judge
from bench.context.measuring import BUDGETS, run
from bench.context.site.sources import NOW
from knowledge_graph.retrieval.finding import Retrieval
from tests.unit.context_bench.told import model_of, small_site, some_questions

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not EMBEDDINGS.is_installed, reason=EMBEDDINGS.why_not_installed),
]


@pytest.mark.requirement("MODEL-CONTEXT-04")
def test_more_decisions_have_all_their_evidence_than_by_embeddings_alone() -> None:
    made = small_site()
    model = model_of(made)
    retrieval, asked, judge = Retrieval(model, NOW), some_questions(made), Judge(model, NOW)
    embeddings, _ = run(Ranked(retrieval, Embeddings(model, asked, NOW)), asked, judge, NOW)
    ours, _ = run(Ours(retrieval), asked, judge, NOW)
    for budget in BUDGETS:
        found = [sum(n for (_, at), n in one.whole.items() if at == budget) for one in (ours, embeddings)]
        assert found[0] > found[1] > 0, budget
