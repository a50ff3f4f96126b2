"""The questions of the benchmark about one site, and probes: questions to which the reader may not see the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from random import Random

import yaml

from bench.context.questions import about_jobs, about_site
from bench.context.questions.halves import half_of
from bench.context.questions.question import BenchQuestion, Case, Kind
from bench.context.site.site import Site
from bench.context.site.written import TOPICS
from ink_core.labels import HIGHEST, Confidentiality
from knowledge_graph.clearance import Clearance
from knowledge_graph.context.pack import Question
from knowledge_graph.facts import ADMINS, NodeKind, node_id

LANGUAGES = ("en", "zh")
INTENTS: Mapping[Kind, Mapping[str, Callable[[Site], Iterator[Case]]]] = {
    Kind.JOB_STATE: about_jobs.STATES,
    Kind.WHY: about_jobs.REASONS,
    Kind.WHERE: {**about_jobs.PLACES, **about_site.PLACES},
    Kind.WHO: about_site.RIGHTS,
    Kind.INCIDENT: about_site.CAUSES,
    Kind.POLICY: about_site.POLICIES,
}
PRIVATE = (Kind.JOB_STATE, Kind.WHY)
"""Kinds of which every answer needs facts that are the asker's own."""


def templates(intent: str) -> Iterator[tuple[str, str]]:
    """Names of the templates and their texts."""
    for language in LANGUAGES:
        for number, text in enumerate(_PHRASES.get(intent, {}).get(language, ())):
            yield f"{intent}/{language}/{number}", text


def questions(site: Site, each: int) -> Iterator[BenchQuestion]:
    """`each` of every template, fewer where the site has fewer cases."""
    for kind, template, text, case in _filled(site, each):
        yield _question(kind, template, text, case, _clearance(site, case.asker, template, kind))


def probes(site: Site, each: int) -> Iterator[BenchQuestion]:
    """Questions about what is somebody's own: by another user, and by its owner through a model that may not see it."""
    for number, (kind, template, text, case) in enumerate(_filled(site, each)):
        if kind not in PRIVATE:
            continue
        if number % 2:
            clearance = Clearance(_names(site, case.asker), Confidentiality.SCRATCH)
            yield _question(kind, template, text, case, clearance, is_probe=True)
        else:
            other = _somebody_else(site, case.asker, number)
            stranger = Case(case.values, other, case.needs)
            yield _question(kind, template, text, stranger, Clearance(_names(site, other)), is_probe=True)


def _filled(site: Site, each: int) -> Iterator[tuple[Kind, str, str, Case]]:
    for kind, intents in INTENTS.items():
        for intent, cases in intents.items():
            possible = list(cases(site))
            for template, text in templates(intent):
                chance = Random(f"{site.seed} {template}")
                for case in chance.sample(possible, min(each, len(possible))):
                    yield kind, template, text.format(**case.values), case


def _question(
    kind: Kind, template: str, text: str, case: Case, clearance: Clearance, *, is_probe: bool = False
) -> BenchQuestion:
    asked = Question(text, asker=node_id(NodeKind.USER, case.asker))
    name = f"{template} {case.asker} {' '.join(case.values.values())}"
    return BenchQuestion(name, kind, template, half_of(template), asked, clearance, case.needs, is_probe)


def _clearance(site: Site, asker: str, template: str, kind: Kind) -> Clearance:
    """What is everybody's is asked through an external model by every other template."""
    external = kind is Kind.POLICY and len(template) % 2 == 0
    return Clearance(_names(site, asker), Confidentiality.SCRATCH if external else HIGHEST.confidentiality)


def _names(site: Site, asker: str) -> frozenset[str]:
    user = next(user for user in site.people.users if user.name == asker)
    groups = (node_id(NodeKind.GROUP, group) for group in user.groups)
    return frozenset((user.node, *groups, *((ADMINS,) if user is site.admin else ())))


def _somebody_else(site: Site, asker: str, number: int) -> str:
    others = [user.name for user in site.people.users if user.name != asker and user is not site.admin]
    return others[number * 13 % len(others)]


def _phrases() -> Mapping[str, Mapping[str, Sequence[str]]]:
    written = yaml.safe_load((Path(__file__).parent / "phrases.yaml").read_text("utf-8"))
    topics = {f"topic/{topic.key}": {"en": topic.asked_en, "zh": topic.asked_zh} for topic in TOPICS}
    return {**written, **topics}


_PHRASES = _phrases()
ALL_TEMPLATES = tuple(name for name, _ in chain.from_iterable(templates(intent) for intent in _PHRASES))
