"""What went wrong, as an exception: the platform's problem documents (RFC 9457) with their stable codes."""

from __future__ import annotations

from typing import TypeVar

from ink_client.rest.models.problem import Problem

T = TypeVar("T")


class InkProblem(Exception):
    """`code` is stable; `retryable`: the same request may work later."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.code}: {problem.detail}")
        self.code = problem.code
        self.status = problem.status
        self.retryable = problem.retryable


def checked(answer: T | Problem | None) -> T:
    """The answer of an operation that has one. Raises `InkProblem`."""
    if isinstance(answer, Problem):
        raise InkProblem(answer)
    if answer is None:
        raise TypeError("this operation answers nothing; ask its `sync_detailed` or `asyncio_detailed` for the status")
    return answer
