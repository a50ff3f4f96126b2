"""Synthetic sites: what they are made of, and that their faults reach the jobs."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from bench.context.site.faults import Trouble
from bench.context.site.site import site
from bench.context.site.size import SMALL
from bench.context.site.sources import NOW
from knowledge_graph.facts import ADMINS, Attribute, Edge, Fact, Layer, NodeKind, Relation, kind_of

SEED = 3


@pytest.fixture(scope="module")
def facts() -> list[Fact]:
    return [fact for observation in site(SMALL, SEED).observations() for fact in observation.facts]


def test_the_same_seed_gives_the_same_facts(facts: list[Fact]) -> None:
    again = [fact for observation in site(SMALL, SEED).observations() for fact in observation.facts]
    assert again == facts


def test_another_seed_gives_other_facts(facts: list[Fact]) -> None:
    other = [fact for observation in site(SMALL, SEED + 1).observations() for fact in observation.facts]
    assert other != facts


def test_each_fact_is_said_once_and_by_the_source_of_its_observation() -> None:
    for observation in site(SMALL, SEED).observations():
        assert {fact.origin.source for fact in observation.facts} == {observation.source}
        assert max(Counter(fact.id for fact in observation.facts).values()) == 1


def test_all_four_layers_and_all_kinds_of_nodes_that_questions_are_about_are_there(facts: list[Fact]) -> None:
    assert {fact.origin.layer for fact in facts} == set(Layer)
    kinds = {kind_of(fact.subject) for fact in facts}
    assert {NodeKind.JOB, NodeKind.PASSAGE, NodeKind.INCIDENT, NodeKind.CORRECTION, NodeKind.RULE} <= kinds


def test_what_is_one_user_s_is_read_by_that_user_and_admins_alone(facts: list[Fact]) -> None:
    owners = {
        fact.subject: fact.target
        for fact in facts
        if isinstance(fact, Edge) and fact.relation is Relation.OWNED_BY and kind_of(fact.subject) is NodeKind.JOB
    }
    private = [fact for fact in facts if kind_of(fact.subject) is NodeKind.JOB]
    assert private and all(fact.origin.readers == {owners[fact.subject], ADMINS} for fact in private)


def test_some_facts_have_expired_and_some_contradict_each_other(facts: list[Fact]) -> None:
    expired = [fact for fact in facts if fact.origin.expires_at is not None and fact.origin.expires_at < NOW]
    assert {fact.origin.source for fact in expired} == {"mirror", "archive"}
    limits = {
        fact.value
        for fact in facts
        if isinstance(fact, Attribute) and fact.subject == "partition:pool/long" and fact.name == "max_wall_time_h"
    }
    assert limits == {168, 240}


def test_each_kind_of_trouble_reaches_jobs_through_what_they_use() -> None:
    made = site(replace(SMALL, jobs=800, ended=400), SEED)
    felt = {job.fault.trouble for job in made.jobs if job.fault}
    assert felt == set(Trouble)
    for job in made.jobs:
        if job.fault and job.fault.trouble is Trouble.FILE_SERVER:
            assert job.fault.file_system in job.reads
        if job.fault and job.fault.trouble is Trouble.SWITCH and job.machine:
            assert job.machine.switch == job.fault.name
