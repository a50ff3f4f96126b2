"""The plugins of one installation: started one after the other, mounted, and each with its state and reason."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from fastapi import FastAPI

from ink_core.plugins.hooks import HOOKS
from ink_core.plugins.loading import PluginFailed, Started, start
from ink_core.plugins.mounting import mount
from ink_core.plugins.plugin import Page

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PluginState:
    """`package` is what the settings name; the rest is known of one that has started."""

    package: str
    state: Literal["running", "failed"]
    reason: str = ""
    name: str = ""
    version: str = ""
    routes: Sequence[str] = ()
    hooks: Sequence[str] = ()
    page: Page | None = None


@dataclass
class Plugins:
    """In the order of the settings: where two replace the same function, the later one wins."""

    started: list[Started] = field(default_factory=list[Started])
    _states: dict[str, PluginState] = field(default_factory=dict[str, PluginState])

    async def start(self, packages: Sequence[str], deadline_s: float) -> None:
        """Each within the deadline, in seconds; one that fails is logged and left out."""
        for package in packages:
            try:
                started = await start(package, deadline_s)
                self._check_name(started)
            except PluginFailed as error:
                self._failed(package, error)
                continue
            self.started.append(started)

    def mount(self, app: FastAPI) -> None:
        """After the core's own routes, which none of a plugin's may touch. One that does is left out as a whole."""
        for started in self.started:
            try:
                routes = mount(app, started.router)
            except PluginFailed as error:
                self._failed(started.package, error)
                continue
            running = PluginState(started.package, "running", "", started.name, started.version, routes)
            self._states[started.package] = replace(running, page=started.page)
            log.info("plugin %s %s runs", started.name, started.version)

    def states(self) -> list[PluginState]:
        """Of all that the settings name, with the functions that each replaces."""
        return [replace(state, hooks=HOOKS.of(package)) for package, state in self._states.items()]

    def page_of(self, name: str) -> Page | None:
        return next((state.page for state in self._states.values() if state.name == name), None)

    def withdraw(self) -> None:
        """What they replaced is the core's own again."""
        for started in self.started:
            HOOKS.withdraw(started.package)

    def _check_name(self, started: Started) -> None:
        if any(started.name == other.name for other in self.started):
            raise PluginFailed(f"get_name: another plugin has the name {started.name!r}")

    def _failed(self, package: str, error: PluginFailed) -> None:
        HOOKS.withdraw(package)
        self._states[package] = PluginState(package, "failed", str(error))
        told = None if _is_missing(package, error.__cause__) else error.__cause__
        log.error("the plugin %s is left out: %s", package, error, exc_info=told)


def _is_missing(package: str, cause: BaseException | None) -> bool:
    """A name that nothing is installed under, mistyped perhaps: where Python looked for it helps nobody."""
    missing = cause.name if isinstance(cause, ModuleNotFoundError) else None
    return missing is not None and f"{package}.".startswith(f"{missing}.")
