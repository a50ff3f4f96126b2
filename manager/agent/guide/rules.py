"""All rules in the order in which they are tried: the more exact form of speech first. The last one always answers."""

from __future__ import annotations

from collections.abc import Callable

from manager.agent.guide import job_rules, place_rules, site
from manager.agent.guide.plan import Step
from manager.agent.guide.question import Question

Rule = Callable[[Question], Step | None]

RULES: tuple[Rule, ...] = (
    place_rules.introduce,
    place_rules.skills,
    place_rules.documents,
    job_rules.submit,
    place_rules.command,
    place_rules.download,
    job_rules.explain,
    job_rules.manage,
    job_rules.describe,
    job_rules.listing,
    place_rules.agents,
    place_rules.show_file,
    place_rules.disk,
    place_rules.files,
    site.question,
    place_rules.cluster,
    place_rules.definition,
)


def plan(question: Question) -> Step:
    """The first step that answers the question."""
    steps = (rule(question) for rule in RULES)
    return next((step for step in steps if step is not None), place_rules.not_understood(question))
