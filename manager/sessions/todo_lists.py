"""What the agent of a session has to do: the list of each turn, and that of the path that is gone on with. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from manager.agent.paths import BEGINNING
from mcp_tools.todos import Todo

Todos = tuple[Todo, ...]


@dataclass(frozen=True)
class TodoLists:
    """`kept`: by turn, what a turn after it begins with. `turn`: the last one of the path.

    `wanted`: the latest call that writes a list, the turn it is part of, and the list.
    """

    kept: Mapping[int, Todos] = field(default_factory=dict[int, Todos])
    turn: int = BEGINNING
    wanted: tuple[str, int, Todos] = ("", BEGINNING, ())

    @property
    def now(self) -> Todos:
        return self.kept.get(self.turn, ())

    def begun(self, turn: int) -> TodoLists:
        return replace(self, kept={**self.kept, turn: self.now}, turn=turn)

    def moved(self, turn: int) -> TodoLists:
        """The path ends with this turn from now on."""
        return replace(self, turn=turn)

    def wanted_by(self, call_id: str, todos: Todos) -> TodoLists:
        return replace(self, wanted=(call_id, self.turn, todos))

    def written(self, call_id: str) -> TodoLists:
        """The call has ended well; for its own turn, whatever the path is by now."""
        wanted, turn, todos = self.wanted
        return replace(self, kept={**self.kept, turn: todos}) if call_id == wanted else self
