"""All rules in the order in which they are tried: the more exact form of speech first. The last one always answers."""

from __future__ import annotations

from collections.abc import Callable

from manager.agent.guide import document_rules, introduction, job_changes, job_rules, place_rules, site
from manager.agent.guide.plan import Step
from manager.agent.guide.question import Question

Rule = Callable[[Question], Step | None]

RULES: tuple[Rule, ...] = (
    introduction.introduce,
    document_rules.own_skills,
    document_rules.skills,
    job_rules.usage,
    document_rules.documents,
    job_rules.submit,
    place_rules.command,
    place_rules.download,
    job_rules.explain,
    job_changes.change,
    job_changes.manage,
    job_rules.describe,
    job_rules.listing,
    place_rules.agents,
    place_rules.search_files,
    place_rules.make_directory,
    place_rules.show_file,
    place_rules.edit_file,
    place_rules.disk,
    place_rules.files,
    site.question,
    place_rules.cluster,
    job_rules.named,
    document_rules.definition,
    document_rules.any_question,
)


def plan(question: Question) -> Step:
    """The first step that answers the question."""
    steps = (rule(question) for rule in RULES)
    return next((step for step in steps if step is not None), introduction.not_understood(question))
