"""Functions that a plugin may replace: `@hookable` names them, `register_hook` replaces them, the last one wins.

A name is `module.qualname`. What is not marked cannot be replaced: few functions are, none of the gate, the policy, the
audit or the authentication. Limits: per process; a hook counts from the next call on.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar, cast

from ink_core.errors import InkError

P = ParamSpec("P")
R = TypeVar("R")
Function = TypeVar("Function", bound=Callable[..., Any])

_owner: ContextVar[str] = ContextVar("owner of what is registered", default="")


class HookRefused(InkError):
    """There is no hookable function of that name, or the hook cannot stand in for it."""

    code = "hook_refused"


class Hooks:
    """The hookable functions by name, and who replaced which by what, in the order of registration."""

    def __init__(self) -> None:
        self._hookable: dict[str, Callable[..., Any]] = {}
        self._hooks: dict[str, list[tuple[str, Callable[..., Any]]]] = {}
        self._withdrawn: set[str] = set()
        self._lock = Lock()

    def mark(self, name: str, function: Callable[..., Any]) -> None:
        self._hookable[name] = function

    def current(self, name: str) -> Callable[..., Any] | None:
        """What replaces this function now; None for nothing."""
        registered = self._hooks.get(name)
        return registered[-1][1] if registered else None

    def register(self, name: str, hook: Callable[..., Any]) -> None:
        """Raises `HookRefused`."""
        function, owner = self.original(name), _owner.get()
        if inspect.iscoroutinefunction(hook) and not inspect.iscoroutinefunction(function):
            raise HookRefused(f"{name} is no coroutine function, so an async function cannot replace it")
        with self._lock:
            if owner in self._withdrawn:
                raise HookRefused(f"{owner} did not start in its time; it cannot replace {name} any more")
            self._hooks.setdefault(name, []).append((owner, hook))

    def admit(self, owner: str) -> None:
        """Lets an owner begin anew whose hooks were withdrawn."""
        with self._lock:
            self._withdrawn.discard(owner)

    @contextmanager
    def owned_by(self, owner: str) -> Generator[None]:
        """What is registered inside belongs to this owner."""
        token = _owner.set(owner)
        try:
            yield
        finally:
            _owner.reset(token)

    def withdraw(self, owner: str) -> None:
        """Takes back what this owner registered, and refuses what it registers late."""
        with self._lock:
            self._withdrawn.add(owner)
            for name, registered in self._hooks.items():
                self._hooks[name] = [(by, hook) for by, hook in registered if by != owner]

    def of(self, owner: str) -> list[str]:
        """The names that this owner has replaced."""
        return [name for name, registered in self._hooks.items() if any(by == owner for by, _ in registered)]

    def original(self, name: str) -> Callable[..., Any]:
        """The function itself, whatever replaces it; its module is imported where nobody did. Raises `HookRefused`."""
        module = name.rpartition(".")[0]
        if name not in self._hookable and all(part.isidentifier() for part in module.split(".")):
            with suppress(ImportError, ValueError):  # a class, or nothing at all: then the name is not known
                importlib.import_module(module)
        try:
            return self._hookable[name]
        except KeyError:
            raise HookRefused(f"there is no hookable function {name!r}") from None


HOOKS = Hooks()


def hookable(function: Callable[P, R]) -> Callable[P, R]:
    """Marks a function that plugins may replace."""
    name = f"{function.__module__}.{function.__qualname__}"
    HOOKS.mark(name, function)
    if not inspect.iscoroutinefunction(function):

        @wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            return (HOOKS.current(name) or function)(*args, **kwargs)

        return called

    @wraps(function)
    async def awaited(*args: P.args, **kwargs: P.kwargs) -> Any:
        result = (HOOKS.current(name) or function)(*args, **kwargs)
        return await result if inspect.isawaitable(result) else result

    return cast("Callable[P, R]", awaited)


def register_hook(name: str) -> Callable[[Function], Function]:
    """Replaces the function `package.module.function` by the decorated one. Raises `HookRefused`.

    A coroutine function may be replaced by a plain one; that must not block, as all requests share one event loop.
    """

    def register(hook: Function) -> Function:
        HOOKS.register(name, hook)
        return hook

    return register


def original(name: str) -> Callable[..., Any]:
    """The hookable function of that name as it is without hooks, for a hook that adds to it. Raises `HookRefused`."""
    return HOOKS.original(name)
