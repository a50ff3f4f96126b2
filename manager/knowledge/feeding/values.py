"""What the parts of the platform are to the ingesters: plain values of skills, tools, rules and errors."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from ink_core.errors import InkError
from knowledge_graph.ingest.catalogue import ErrorText, RuleText, SkillText, ToolText
from manager.gate.policy.document import Rule
from mcp_tools.catalogue import Catalogue
from skills.format import Skill


def skill_texts(skills: Iterable[Skill]) -> Iterator[SkillText]:
    return (SkillText(skill.name, skill.description, skill.tools) for skill in skills)


def tool_texts(catalogue: Catalogue) -> Iterator[ToolText]:
    """Of our own tools: what a foreign server says of its own is no fact of this site."""
    for spec in catalogue:
        if spec.clearance is not None:
            continue
        scopes = [scope.value for scope in spec.scopes]
        yield ToolText(spec.name, spec.title, spec.description, spec.risk.value, scopes, spec.runs_on.value)


def rule_texts(rules: Iterable[Rule], catalogue: Catalogue) -> Iterator[RuleText]:
    names = [spec.name for spec in catalogue]
    for rule in rules:
        condition = json.dumps(rule.model_dump(mode="json", exclude_unset=True, exclude={"id", "effect", "reason"}))
        yield RuleText(rule.id, rule.effect.value, rule.reason, _named(rule, names), condition)


def error_texts() -> Sequence[ErrorText]:
    """Of all errors that are loaded, by code. Where several share one, the most general of them speaks."""
    found: dict[str, ErrorText] = {}
    for error in _errors(InkError):
        text = " ".join((error.__doc__ or error.code.replace("_", " ")).split())
        found.setdefault(error.code, ErrorText(error.code, text, retryable=error.retryable))
    return sorted(found.values(), key=lambda error: error.code)


def _errors(base: type[InkError]) -> Iterator[type[InkError]]:
    yield base
    for error in base.__subclasses__():
        yield from _errors(error)


def _named(rule: Rule, names: Sequence[str]) -> Sequence[str]:
    globs = rule.when.tools or ()
    return [name for name in names if any(fnmatchcase(name, glob) for glob in globs)]
