"""What makes a session a sub-agent's, as its first record says."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from ink_core.identity.principal import Scope
from ink_core.labels import HIGHEST, Label
from manager.agent.brief import Brief


class Delegation(BaseModel):
    """A sub-agent's session: which call of which session it works for, as what, and with which tools at most.

    `ancestors` are the sessions above it, the one that a person opened first, its parent last.
    The rest is the profile's as it was when the session was opened: `scopes` that it has at most, `minutes` that it
    may take, whether it gets a worker agent of its own. `label` is of what the goal derives from, and the highest there
    is where nobody said.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    call_id: str
    profile: str
    tools: frozenset[str]
    ancestors: tuple[str, ...] = Field(min_length=1)
    scopes: frozenset[Scope] = frozenset()
    minutes: int = 30
    own_worker: bool = False
    prompt: str = ""
    result: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])
    label: Label = HIGHEST

    @property
    def parent(self) -> str:
        return self.ancestors[-1]

    @property
    def depth(self) -> int:
        return len(self.ancestors)

    @property
    def path(self) -> str:
        """As an approver reads it."""
        return f"the sub-agent {self.profile} of session {' › '.join(self.ancestors)}"

    @property
    def brief(self) -> Brief:
        return Brief(self.prompt, self.tools, self.result)
