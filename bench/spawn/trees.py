"""Random trees of sub-agents through the product's own pure parts: rights, caps, and the hierarchy of budgets.

Profiles and parents are drawn at random, among them profiles that ask for more than anybody has. Agents spawn, reserve
and settle in any order, also as much as nobody gave them. After each step is looked whether any agent has a right, a
tool or a use that those above it do not have.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

from ink_core.identity.principal import Principal, Scope
from manager.agent.brief import HAND_IN
from manager.budgets.accounts import Accounts, BudgetExhausted
from manager.budgets.amounts import Amounts, Limits
from manager.subagents.profile import Profile
from manager.subagents.rights import TooManySubAgents, check_caps, granted, limits, narrowed
from mcp_tools.catalogue import Catalogue

STEPS = 12
PROFILES = 200
MOST_TOKENS = 100_000
MOST_CALLS = 40


@dataclass(frozen=True)
class Agent:
    """`path` are the names of its accounts, the site's first; `tools` None for all of its user."""

    path: Sequence[str]
    principal: Principal
    tools: frozenset[str] | None
    parent: Agent | None = None

    @property
    def depth(self) -> int:
        return self.parent.depth + 1 if self.parent else 0


@dataclass
class Findings:
    """`overspend`: accounts seen with more used than they may; `widened`: agents with what their parent has not."""

    trees: int = 0
    agents: int = 0
    refused_by_caps: int = 0
    refused_by_budget: int = 0
    overspend: int = 0
    widened: int = 0


@dataclass
class Tree:
    """One user's session and all that comes below it."""

    random: random.Random
    offered: Callable[[Principal], frozenset[str]]
    profiles: Sequence[Profile]
    findings: Findings
    accounts: Accounts = field(default_factory=Accounts)
    agents: list[Agent] = field(default_factory=list[Agent])
    reserved: dict[str, Amounts] = field(default_factory=dict[str, Amounts])

    def grow(self) -> None:
        self._begin()
        for step in range(STEPS):
            agent = self.random.choice(self.agents)
            act = self.random.choice((self._spawn, self._spawn, self._reserve, self._reserve, self._settle))
            act(agent, f"{step}")
            self.findings.overspend += overspent(agent, self.accounts)
        self.findings.trees += 1
        self.findings.agents += len(self.agents) - 1

    def _begin(self) -> None:
        scopes = frozenset(scope for scope in Scope if self.random.random() < 0.7)
        principal = Principal(
            username="alice", is_admin=self.random.random() < 0.3, scopes=scopes, credential="session:1"
        )
        path = ("site", "user alice", "session 0")
        for name in path:
            self.accounts.open(name, self._some_limits())
        self.agents.append(Agent(path, principal, None))

    def _some_limits(self) -> Limits:
        def some(most: int) -> int | None:
            return None if self.random.random() < 0.2 else self.random.randrange(most)

        return Limits(tokens=some(MOST_TOKENS), calls=some(MOST_CALLS), money=some(MOST_TOKENS))

    def _spawn(self, parent: Agent, _: str) -> None:
        profile = self.random.choice(self.profiles)
        at_work = sum(each.parent is parent for each in self.agents)
        try:
            check_caps(parent.depth + 1, at_work, len(self.agents) - 1)
        except TooManySubAgents:
            self.findings.refused_by_caps += 1
            return
        principal = narrowed(parent.principal, profile.scopes)
        tools = granted(self.offered(principal), parent.tools, profile, parent.depth + 1)
        path = (*parent.path, f"session {len(self.agents)}")
        self.accounts.open(path[-1], limits(self.accounts.left(parent.path), profile))
        child = Agent(path, principal, tools, parent)
        self.findings.widened += is_wider(child, parent, self.offered)
        self.agents.append(child)

    def _reserve(self, agent: Agent, name: str) -> None:
        amounts = Amounts(
            tokens=self.random.randrange(MOST_TOKENS // 4),
            calls=self.random.randrange(4),
            money=self.random.randrange(99),
        )
        try:
            self.accounts.reserve(agent.path, name, amounts)
        except BudgetExhausted:
            self.findings.refused_by_budget += 1
        else:
            self.reserved[name] = amounts

    def _settle(self, _: Agent, __: str) -> None:
        if self.reserved:
            name = self.random.choice(sorted(self.reserved))
            amounts = self.reserved.pop(name)
            self.accounts.settle(name, Amounts(*(self.random.randint(0, most) for _, most in amounts.items())))


def is_wider(child: Agent, parent: Agent, offered: Callable[[Principal], frozenset[str]]) -> bool:
    """Whether it has a scope, a tool or an office that its parent has not."""
    mine, its = child.principal, parent.principal
    tools = (offered(mine) if child.tools is None else child.tools) - {HAND_IN}
    within = tools <= (offered(its) if parent.tools is None else parent.tools)
    return not (within and mine.scopes <= its.scopes and mine.is_admin <= its.is_admin)


def overspent(agent: Agent, accounts: Accounts) -> int:
    """How many of its accounts have used more than they may."""
    mine = (accounts.account(name) for name in agent.path)
    return sum(bool(each.limits.exceeded_by(each.spent + each.reserved)) for each in mine)


def grown(trees: int, seed: int, catalogue: Catalogue) -> Findings:
    """The same seed grows the same trees."""
    rng, findings = random.Random(seed), Findings()
    profiles = [_profile(rng, catalogue, number) for number in range(PROFILES)]
    by_scopes = cache(lambda scopes: frozenset(spec.name for spec in catalogue.offered(scopes)))
    for _ in range(trees):
        Tree(rng, lambda principal: by_scopes(principal.scopes), profiles, findings).grow()
    return findings


def _profile(rng: random.Random, catalogue: Catalogue, number: int) -> Profile:
    """Some of it asks for everything there is."""
    greed = rng.choice((0.2, 0.6, 1.0))
    return Profile(
        name=f"profile-{number}",
        description="A profile that was drawn at random.",
        tools=frozenset(spec.name for spec in catalogue if rng.random() < greed) | {"no_such_tool"},
        scopes=frozenset(scope for scope in Scope if rng.random() < greed),
        share=rng.choice((0.1, 0.5, 1.0)),
        tokens=rng.randrange(1_000, MOST_TOKENS),
        calls=rng.randrange(1, MOST_CALLS),
        result={"type": "object", "additionalProperties": False},
        prompt="You do what was drawn at random.",
    )
