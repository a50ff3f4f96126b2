"""Starts one plugin: imports it, makes it ready and asks what it brings, on a thread of its own with a deadline.

Python cannot end a thread that hangs, so it is left behind: it holds nobody up, and what it registers late is refused.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import re
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from types import ModuleType
from typing import Any, TypeVar, cast

from fastapi import APIRouter, FastAPI

from ink_core.plugins.hooks import HOOKS
from ink_core.plugins.plugin import Page, Plugin

T = TypeVar("T")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


class PluginFailed(Exception):
    """The plugin cannot be used; the text is the reason that administrators read."""


@dataclass(frozen=True)
class Started:
    """A plugin that is ready, and what it brings."""

    package: str
    name: str
    version: str
    router: APIRouter
    page: Page | None


async def start(package: str, deadline_s: float) -> Started:
    """Raises `PluginFailed`; what the plugin had registered by then is withdrawn."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Started] = loop.create_future()

    def work() -> None:
        try:
            with HOOKS.owned_by(package):
                started = _started(package, _Waiting(loop, deadline_s))
            tell(done.set_result, started)
        except BaseException as error:  # also of an import that calls sys.exit
            tell(done.set_exception, error if isinstance(error, PluginFailed) else PluginFailed(_words(error)))

    def tell(how: Callable[[Any], None], what: object) -> None:
        with suppress(RuntimeError):  # the loop has ended before this thread
            loop.call_soon_threadsafe(lambda: None if done.done() else how(what))

    HOOKS.admit(package)
    threading.Thread(target=work, name=f"plugin {package}", daemon=True).start()
    try:
        async with asyncio.timeout(deadline_s):
            return await done
    except TimeoutError:
        HOOKS.withdraw(package)
        raise PluginFailed(f"it was not ready within {deadline_s:g} s") from None
    except PluginFailed:
        HOOKS.withdraw(package)
        raise


@dataclass(frozen=True)
class _Waiting:
    """Runs what is asynchronous on the application's event loop, for a thread that waits for it."""

    loop: asyncio.AbstractEventLoop
    deadline_s: float

    def for_result(self, result: Any) -> Any:
        if not inspect.iscoroutine(result):
            return result
        coroutine = cast("Coroutine[Any, Any, Any]", result)
        future = asyncio.run_coroutine_threadsafe(coroutine, self.loop)
        try:
            return future.result(self.deadline_s)
        finally:
            future.cancel()


def _started(package: str, waiting: _Waiting) -> Started:
    module = _step("import", lambda: importlib.import_module(package))
    plugin = _step("import", lambda: _plugin_of(module))
    name = str(_step("get_name", lambda: _called(plugin, "get_name") or package.replace(".", "-")))
    if not _NAME.fullmatch(name):
        raise PluginFailed(f"get_name: {name!r} is no name for an address")
    _step("initialize", lambda: waiting.for_result(_called(plugin, "initialize")))
    _step("register_hooks", lambda: waiting.for_result(_called(plugin, "register_hooks")))
    router = _step("get_routers", lambda: _router_of(plugin))
    page = _step("get_page", lambda: _page_of(plugin))
    return Started(package, name, _version_of(plugin, package), router, page)


def _plugin_of(module: ModuleType) -> object:
    """An instance of its class `Plugin`, of the package or of its module `plugin`; or the module with functions."""
    kind = getattr(module, "Plugin", None)
    if kind in (None, Plugin):
        kind = getattr(_module_below(module, "plugin"), "Plugin", None)
    if kind not in (None, Plugin):
        return kind()
    if hasattr(module, "get_routers"):
        return module
    raise PluginFailed("import: there is neither a class Plugin nor a function get_routers")


def _module_below(module: ModuleType, name: str) -> ModuleType | None:
    below = f"{module.__name__}.{name}"
    try:
        return importlib.import_module(below)
    except ModuleNotFoundError as error:
        if error.name == below:
            return None
        raise  # something that it needs is not installed


def _router_of(plugin: object) -> APIRouter:
    """All its routes, whichever way it says them. Only routes are taken over from the collector."""
    collector = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    _called(plugin, "register_routers", collector)
    if collector.user_middleware:
        raise PluginFailed("register_routers: a plugin brings routes, no middleware")
    for router in _called(plugin, "get_routers") or ():
        collector.include_router(router)
    return collector.router


def _page_of(plugin: object) -> Page | None:
    page = _called(plugin, "get_page")
    if page is None:
        return None
    if not isinstance(page, Page) or not page.folder.joinpath("index.html").is_file():
        raise PluginFailed("get_page: it needs an ink_core.plugins.Page whose folder has an index.html")
    return page


def _version_of(plugin: object, package: str) -> str:
    if told := _called(plugin, "get_version"):
        return str(told)
    top = package.partition(".")[0]
    try:
        return version(packages_distributions().get(top, [top])[0])
    except PackageNotFoundError:
        return "unknown"


def _called(plugin: object, method: str, *arguments: object) -> Any:
    found = getattr(plugin, method, None)
    return found(*arguments) if callable(found) else None


def _step(what: str, do: Callable[[], T]) -> T:
    try:
        return do()
    except PluginFailed:
        raise
    except BaseException as error:
        raise PluginFailed(f"{what}: {_words(error)}") from error


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:500]
