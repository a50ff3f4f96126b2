"""What the context benchmark counts, and that what it compares is fair: small sites, a few questions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.context.contenders.bm25 import Bm25
from bench.context.contenders.contender import Contender, Ours, Ranked
from bench.context.contenders.walks import AnomalyOnly, BreadthFirst, Dump
from bench.context.judging import Judge
from bench.context.measuring import BUDGETS
from bench.context.questions.asking import probes, questions
from bench.context.questions.question import BenchQuestion
from bench.context.site.site import site
from bench.context.site.size import SMALL
from bench.context.site.sources import NOW
from knowledge_graph.context.pack import ContextPack
from knowledge_graph.model import GlobalModel
from knowledge_graph.retrieval.finding import Retrieval
from knowledge_graph.retrieval.names import Names

MADE = site(SMALL, 5)


@pytest.fixture(scope="module")
def model() -> GlobalModel:
    model = GlobalModel()
    for observation in MADE.observations():
        model.observe(observation)
    return model


@pytest.fixture(scope="module")
def contenders(model: GlobalModel, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Contender]:
    retrieval, names = Retrieval(model, NOW), Names()
    for fact in model.all_facts(NOW):
        names.said(fact)
    bm25 = Bm25(model, model.all_facts(NOW), tmp_path_factory.mktemp("bm25") / "facts.sqlite")
    rankings = {"bm25": bm25, "bfs": BreadthFirst(names), "dump": Dump(names), "anomaly": AnomalyOnly(names)}
    return {"ours": Ours(retrieval), **{name: Ranked(retrieval, ranking) for name, ranking in rankings.items()}}


def _about(intent: str) -> BenchQuestion:
    return next(one for one in questions(MADE, 1) if one.template.startswith(f"{intent}/"))


def _packs(contender: Contender, question: BenchQuestion) -> list[ContextPack]:
    return list(contender.packs(question, BUDGETS, NOW))


@pytest.mark.parametrize("name", ["ours", "bm25", "bfs", "dump", "anomaly"])
def test_no_contender_is_given_more_tokens_or_shown_what_its_reader_may_not_see(
    name: str, model: GlobalModel, contenders: dict[str, Contender]
) -> None:
    judge = Judge(model, NOW)
    for question in [*list(questions(MADE, 1))[::40], *list(probes(MADE, 1))[::8]]:
        for budget, pack in zip(BUDGETS, _packs(contenders[name], question), strict=True):
            verdict = judge.verdict(question, pack)
            assert pack.tokens <= budget
            assert verdict.leaked == () and verdict.expired == ()


@pytest.mark.parametrize("name", ["ours", "bm25", "bfs"])
def test_each_way_finds_the_state_of_a_job_that_is_named(
    name: str, model: GlobalModel, contenders: dict[str, Contender]
) -> None:
    question = _about("state")
    assert Judge(model, NOW).verdict(question, _packs(contenders[name], question)[-1]).is_whole


def test_a_pack_without_the_evidence_is_a_miss_that_says_what_it_lacks(
    model: GlobalModel, contenders: dict[str, Contender]
) -> None:
    question = _about("state")
    whole = _packs(contenders["ours"], question)[-1]
    (need,) = question.needs
    without = replace(whole, facts=[fact for fact in whole.facts if fact.id not in need])
    assert Judge(model, NOW).verdict(question, without).missing == (need,)


def test_a_text_of_which_only_a_part_is_in_the_pack_is_a_miss(
    model: GlobalModel, contenders: dict[str, Contender]
) -> None:
    question = _about("topic/backup")
    whole = _packs(contenders["ours"], question)[-1]
    judge = Judge(model, NOW)
    assert judge.verdict(question, whole).is_whole
    cut = replace(whole, facts=[replace(fact, text=f"{fact.text[:60]} …") for fact in whole.facts])
    assert not judge.verdict(question, cut).is_whole


def test_a_fact_that_its_reader_may_not_see_counts_as_leaked(
    model: GlobalModel, contenders: dict[str, Contender]
) -> None:
    question = _about("state")
    pack = _packs(contenders["ours"], question)[-1]
    stranger = replace(question, clearance=replace(question.clearance, names=frozenset(("user:nobody",))))
    assert question.needs[0] <= frozenset(Judge(model, NOW).verdict(stranger, pack).leaked)
