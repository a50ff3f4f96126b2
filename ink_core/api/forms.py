"""How many forms with files are under way: each is read as it comes, through one agent and one piece at a time."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from ink_core.errors import Throttled

MOST_FORMS = 64


class FormUnderWay(Throttled):
    """The user sends another form, or all users together send very many."""

    code = "form_under_way"


class Forms:
    """One form of each user at a time, and so many of all."""

    def __init__(self, most: int = MOST_FORMS) -> None:
        self._users: set[str] = set()
        self._most = most

    @contextmanager
    def one(self, user: str) -> Generator[None]:
        """Raises `FormUnderWay`."""
        if user in self._users or len(self._users) >= self._most:
            said = "you are sending a form already" if user in self._users else f"{self._most} users are sending forms"
            raise FormUnderWay(f"{said}; wait for its end, or upload by /api/v1/files", retry_after_s=5)
        self._users.add(user)
        try:
            yield
        finally:
            self._users.discard(user)
