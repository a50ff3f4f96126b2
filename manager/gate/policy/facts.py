"""What a policy rule may look at: the typed facts of one call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import JsonValue

from ink_core.identity.principal import Scope
from mcp_tools.spec import Confidentiality, Risk


class Origin(StrEnum):
    """Who wrote the call: the model, a person in the page, a REST or MCP client, or the harness by its own rules."""

    MODEL = "model"
    USER = "user"
    REST = "rest"
    MCP = "mcp"
    HARNESS = "harness"

    @property
    def by_hand(self) -> bool:
        """A person, or a program of theirs, and no model."""
        return self in (Origin.USER, Origin.REST)


@dataclass(frozen=True, kw_only=True)
class CallFacts:
    """One call as a rule sees it.

    `arguments` are the final ones. `owners` are those whose property it would touch and `target_count` how many things.
    `untrusted_arguments` names the top-level arguments whose values derive from untrusted text, `confidentiality` is
    the highest that the conversation has seen. `session` is the conversation (its ledger chain), `time` is aware.
    `shown_to_others`: what it brings are more than scratch data, or its user's alone, and others read the conversation.
    `jobs` and `cpu_hours` are what a submission would spend at most. `home` and `workspace` are where paths of the call
    begin.
    """

    tool: str
    risk: Risk
    origin: Origin
    username: str
    is_admin: bool
    arguments: Mapping[str, JsonValue]
    owners: frozenset[str]
    target_count: int
    time: datetime
    scopes: frozenset[Scope] = frozenset()
    session: str | None = None
    task: str | None = None
    cluster: str | None = None
    untrusted_arguments: frozenset[str] = frozenset()
    confidentiality: Confidentiality = Confidentiality.PUBLIC
    shown_to_others: bool = False
    jobs: int = 0
    cpu_hours: float = 0.0
    home: str | None = None
    workspace: str | None = None

    @property
    def touches_others(self) -> bool:
        return bool(self.owners - {self.username})
