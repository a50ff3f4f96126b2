"""A policy made ready for decisions: rules compiled, indexed by what never changes for a tool, and named by content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from audit.canonical import canonical_json, sha256_hex
from manager.gate.policy.argument_test import ArgumentTest
from manager.gate.policy.document import Effect, Measure, Rule
from manager.gate.policy.facts import CallFacts, Origin
from manager.gate.policy.matching import Predicate, Setting, predicates
from manager.gate.policy.names import among
from manager.gate.policy.usage import Limit, Usage
from mcp_tools.spec import Risk

MATCHED = "matched"
KEPT_TOOLS = 2_000
_SETTLED = frozenset({"tools", "risk", "origin"})
"""Conditions that are the same for all calls of a tool by the model, by a person and so on."""
_UNSEEN = _SETTLED | {"users", "groups", "roles", "scopes", "tasks", "sessions", "confidentiality", "weekdays", "hours"}
"""Conditions that need no look at what a call would touch."""


class Looked(NamedTuple):
    """One rule that was looked at. `found` is `matched`, or the first condition that did not hold."""

    rule: str
    found: str


@dataclass(frozen=True, eq=False)
class ReadyRule:
    """A rule with its predicates, and with what the trace says where one of them fails."""

    rule: Rule
    settled: Sequence[tuple[Looked, Predicate]]
    checks: Sequence[tuple[Looked, Predicate]]
    limit: Limit | None
    matched: Looked
    within_rate: Looked
    early: bool

    def fails(self, facts: CallFacts, usage: Usage) -> Looked | None:
        for looked, holds in self.checks:
            if not holds(facts):
                return looked
        if self.limit and usage.wait_s(self.limit, facts) <= 0:
            return self.within_rate
        return None


@dataclass(frozen=True)
class RulesAbout:
    """The rules that name a tool: those that the facts decide on, and those that risk or origin have ruled out."""

    open: Sequence[ReadyRule]
    settled: Sequence[Looked]


@dataclass(eq=False)
class Policy:
    """Rules with unique ids, in any order.

    `version` is the digest of the content, `limits` are the rates of all rules, and `locates` says whether a rule needs
    to know where paths begin.
    """

    rules: Sequence[Rule]
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    timezone: str = "UTC"

    def __post_init__(self) -> None:
        setting = Setting(self.groups, ZoneInfo(self.timezone))
        self.rules = sorted(self.rules, key=lambda rule: rule.id)
        self._ready = tuple(_ready(rule, setting) for rule in self.rules)
        self._about: dict[tuple[str, Risk, Origin], RulesAbout] = {}
        self.limits = tuple(ready.limit for ready in self._ready if ready.limit)
        self.locates = any(_locates(rule) for rule in self.rules)
        self._early = tuple(ready.limit for ready in self._ready if ready.early and ready.limit)
        self.version = sha256_hex(canonical_json(self.content()))

    def content(self) -> dict[str, JsonValue]:
        """The whole policy as a file would hold it."""
        rules: list[JsonValue] = [
            rule.model_dump(mode="json", by_alias=True, exclude_unset=True) for rule in self.rules
        ]
        groups: dict[str, JsonValue] = {name: list[JsonValue](users) for name, users in self.groups.items()}
        return {"version": 1, "timezone": self.timezone, "groups": groups, "rules": rules}

    def about(self, facts: CallFacts) -> RulesAbout:
        """The rules that can matter for such a call; remembered, for a bounded number of tools."""
        key = facts.tool, facts.risk, facts.origin
        if (known := self._about.get(key)) is not None:
            return known
        if len(self._about) >= KEPT_TOOLS:
            self._about.clear()
        return self._about.setdefault(key, self._look_up(facts))

    def throttles(self, tool: str) -> bool:
        """Whether a rule may refuse calls of the tool for now, before anything is asked for them."""
        return any(limit.counts(tool) for limit in self._early)

    def _look_up(self, facts: CallFacts) -> RulesAbout:
        still_open: list[ReadyRule] = []
        ruled_out: list[Looked] = []
        for ready in self._ready:
            failed = next((looked for looked, holds in ready.settled if not holds(facts)), None)
            if failed is None:
                still_open.append(ready)
            elif failed.found != "tools":
                ruled_out.append(failed)
        return RulesAbout(tuple(still_open), tuple(ruled_out))


def _ready(rule: Rule, setting: Setting) -> ReadyRule:
    named = predicates(rule.when, setting)
    return ReadyRule(
        rule=rule,
        settled=[(Looked(rule.id, name), holds) for name, holds in named if name in _SETTLED],
        checks=[(Looked(rule.id, name), holds) for name, holds in named if name not in _SETTLED],
        limit=Limit(rule.id, rule.when.rate, among(rule.when.tools or ("*",))) if rule.when.rate else None,
        matched=Looked(rule.id, MATCHED),
        within_rate=Looked(rule.id, "rate"),
        early=_is_early(rule),
    )


def _is_early(rule: Rule) -> bool:
    """A throttle that can be seen to hold before anything is asked for the call."""
    rate = rule.when.rate
    counts_calls = rate is not None and rate.of is Measure.CALLS
    return rule.effect is Effect.THROTTLE and counts_calls and rule.when.model_fields_set <= _UNSEEN | {"rate"}


def _locates(rule: Rule) -> bool:
    return any(_is_of_paths(test) for test in (rule.when.arguments or {}).values())


def _is_of_paths(test: ArgumentTest) -> bool:
    return bool(test.beneath or test.outside) or any(_is_of_paths(inner) for inner in (test.some, test.every) if inner)
