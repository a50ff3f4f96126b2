"""What a question to a model costs, and how long it may take."""

from __future__ import annotations

from dataclasses import dataclass

from manager.budgets.amounts import Amounts


@dataclass(frozen=True)
class Price:
    """Of a million tokens, in the site's unit of money. `deadline_s` of one question, with all its tries."""

    prompt: float = 0.0
    completion: float = 0.0
    deadline_s: float = 0.0

    def of(self, prompt_tokens: int, completion_tokens: int) -> int:
        """In millionths of the unit, rounded up: what costs anything is never counted as nothing."""
        return -int(-(prompt_tokens * self.prompt + completion_tokens * self.completion) // 1)

    def most(self, prompt_tokens: int, completion_tokens: int) -> Amounts:
        """What a question of this size may use up."""
        money = self.of(prompt_tokens, completion_tokens)
        return Amounts(prompt_tokens + completion_tokens, money, wall_ms=round(self.deadline_s * 1000))
