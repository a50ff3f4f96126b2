"""A small synthetic site, told to a global model, for tests of what is found in it."""

from __future__ import annotations

from dataclasses import replace

from bench.context.questions.asking import questions
from bench.context.questions.question import BenchQuestion
from bench.context.site.site import Site, site
from bench.context.site.size import SMALL
from knowledge_graph.model import GlobalModel


def small_site() -> Site:
    return site(replace(SMALL, jobs=120, ended=40), 5)


def model_of(made: Site) -> GlobalModel:
    model = GlobalModel()
    for observation in made.observations():
        model.observe(observation)
    return model


def some_questions(made: Site) -> list[BenchQuestion]:
    """Every fourth of them, of all kinds and both halves."""
    return list(questions(made, 1))[::4]
