"""Questions about synthetic sites: enough of them, in two halves, with evidence that is there and may be read."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.context.questions.asking import ALL_TEMPLATES, INTENTS, probes, questions, templates
from bench.context.questions.halves import half_of
from bench.context.questions.question import BenchQuestion, Half, Kind
from bench.context.site.site import Site, site
from bench.context.site.size import SMALL
from bench.context.site.sources import NOW
from knowledge_graph.clearance import Clearance
from knowledge_graph.facts import Fact


@pytest.fixture(scope="module")
def small() -> Site:
    return site(SMALL, 1)


@pytest.fixture(scope="module")
def facts(small: Site) -> dict[str, Fact]:
    return {fact.id: fact for observation in small.observations() for fact in observation.facts}


@pytest.fixture(scope="module")
def asked(small: Site) -> list[BenchQuestion]:
    return list(questions(small, each=2))


def test_there_are_at_least_300_questions_of_six_kinds_in_both_languages(asked: list[BenchQuestion]) -> None:
    assert len(asked) >= 300
    for half in Half:
        counts = Counter((one.kind, one.template.split("/")[-2]) for one in asked if one.half is half)
        assert all(counts[kind, language] >= 4 for kind in Kind for language in ("en", "zh"))


def test_each_intent_has_templates_and_each_template_an_intent() -> None:
    intents = {intent for of_kind in INTENTS.values() for intent in of_kind}
    assert {intent for intent in intents if not any(templates(intent))} <= {"skill/ihep-computing"}
    assert {name.rpartition("/")[0].rpartition("/")[0] for name in ALL_TEMPLATES} <= intents


def test_about_half_of_the_templates_are_held_out_and_their_draw_is_fixed() -> None:
    held_out = [name for name in ALL_TEMPLATES if half_of(name) is Half.HELD_OUT]
    assert 0.4 <= len(held_out) / len(ALL_TEMPLATES) <= 0.6
    drawn = [half_of(name) for name in ("state/en/0", "state/en/1", "held/zh/0", "topic/gpu/en/0")]
    assert drawn == [Half.TUNED, Half.HELD_OUT, Half.TUNED, Half.HELD_OUT]


def test_all_evidence_exists_is_not_expired_and_may_be_read_by_the_asker(
    asked: list[BenchQuestion], facts: dict[str, Fact]
) -> None:
    for one in asked:
        for need in one.needs:
            assert need, one.id
            known = [facts[name] for name in need if name in facts]
            assert any(_may_read(fact, one.clearance) for fact in known), (one.id, need)


def test_no_evidence_of_a_probe_may_be_read_where_it_is_private(small: Site, facts: dict[str, Fact]) -> None:
    found = list(probes(small, each=1))
    assert len(found) >= 40
    for one in found:
        assert any(not _may_read(facts[name], one.clearance) for need in one.needs for name in need if name in facts)


def _may_read(fact: Fact, clearance: Clearance) -> bool:
    origin = fact.origin
    fresh = origin.expires_at is None or origin.expires_at > NOW
    named = not origin.readers or bool(origin.readers & clearance.names)
    return fresh and named and origin.label.confidentiality.rank <= clearance.most.rank
