"""What a child gets of its parent: always a subset, of rights, of tools and of budget. Pure.

Caps of the tree: a child is at most `MAX_DEPTH` below the session that a person opened, a session has at most
`MAX_CHILDREN` at work at once, and a tree at most `MAX_TREE` in all its life.
"""

from __future__ import annotations

from collections.abc import Iterable

from ink_core.errors import Conflict
from ink_core.identity.principal import Principal, Scope
from manager.agent.brief import HAND_IN
from manager.budgets.amounts import Limits
from manager.subagents.profile import Profile

MAX_DEPTH = 3
MAX_CHILDREN = 8
MAX_TREE = 50
DELEGATE = "delegate"


class TooManySubAgents(Conflict):
    code = "too_many_sub_agents"


def check_caps(depth: int, at_work: int, in_tree: int) -> None:
    """`depth` is that of the new child, the others count without it. Raises `TooManySubAgents`."""
    if depth > MAX_DEPTH:
        raise TooManySubAgents(f"sub-agents are at most {MAX_DEPTH} deep; do this yourself")
    if at_work >= MAX_CHILDREN:
        raise TooManySubAgents(f"{at_work} sub-agents of this session are at work; wait for one to end")
    if in_tree >= MAX_TREE:
        raise TooManySubAgents(f"this session has had {in_tree} sub-agents, and more are not allowed; do this yourself")


def narrowed(parent: Principal, scopes: frozenset[Scope]) -> Principal:
    """Who the child acts for, with the parent's scopes as far as the profile has them; any works as an agent."""
    scopes = parent.scopes & (scopes | {Scope.AGENT_USE})
    return parent.model_copy(update={"scopes": scopes, "is_admin": parent.is_admin and Scope.ADMIN in scopes})


def granted(offered: Iterable[str], parent: frozenset[str] | None, profile: Profile, depth: int) -> frozenset[str]:
    """Tools of the child: of those that its scopes reach, what its profile names and its parent has; and `hand_in`."""
    tools = frozenset(offered) & profile.tools
    if parent is not None:
        tools &= parent
    return (tools if depth < MAX_DEPTH else tools - {DELEGATE}) | {HAND_IN}


def limits(left: Limits, profile: Profile) -> Limits:
    """Of each measure the profile's share of what the parent has left, and never more than the profile's own most."""
    shares = {name: None if most is None else int(most * profile.share) for name, most in left.items()}
    most = Limits(tokens=profile.tokens, calls=profile.calls)
    return Limits(**shares).within(most)
