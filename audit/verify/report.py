"""What a verification finds."""

from __future__ import annotations

from dataclasses import dataclass, field

MAX_PROBLEMS = 100


@dataclass
class Attempt:
    """One tool call. `outcome`: done, failed, refused, indeterminate, or open (proposed and not ended)."""

    chain: str
    call_id: str
    tool: str
    outcome: str = "open"
    intended: bool = False


@dataclass
class Report:
    """What was found. `problems` stops at 100; `ok`: nothing is wrong with what was looked at; `whole`: that was all.

    `missing` names archives whose chains were not looked at, since the files were not given. `sealed` events are
    covered by the last checkpoint, `anchored` ones by the newest that is known outside: nobody can have changed those
    unseen. `unchecked` says what else could not be looked at.
    """

    chains: int = 0
    events: int = 0
    erased: int = 0
    checkpoints: int = 0
    sealed: int = 0
    anchored: int = 0
    missing: list[str] = field(default_factory=list[str])
    unchecked: list[str] = field(default_factory=list[str])
    attempts: list[Attempt] = field(default_factory=list[Attempt])
    problems: list[str] = field(default_factory=list[str])

    @property
    def ok(self) -> bool:
        return not self.problems

    @property
    def whole(self) -> bool:
        return not self.missing

    @property
    def outcomes(self) -> dict[str, int]:
        """How many attempts ended how."""
        counts: dict[str, int] = {}
        for attempt in self.attempts:
            counts[attempt.outcome] = counts.get(attempt.outcome, 0) + 1
        return counts

    def problem(self, text: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(text)
