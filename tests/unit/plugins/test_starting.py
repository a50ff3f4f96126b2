"""A plugin starts within its time or is left out with the reason, and the others start all the same."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI

from ink_core.plugins.hooks import HOOKS
from ink_core.plugins.running import Plugins
from manager.accounts import os_home

LECTURE = "tests.doubles.lecture_plugin"
PATIENCE_S = 60.0
Write = Callable[[str, str], str]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes a module that can be imported by this name."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def write_module(name: str, source: str) -> str:
        (tmp_path / f"{name}.py").write_text(source)
        return name

    return write_module


async def started(*packages: str, deadline_s: float = PATIENCE_S) -> Plugins:
    plugins = Plugins()
    await plugins.start(packages, deadline_s)
    plugins.mount(FastAPI(openapi_url=None, docs_url=None, redoc_url=None))
    plugins.withdraw()
    return plugins


def reasons(plugins: Plugins) -> dict[str, str]:
    return {state.package: state.reason for state in plugins.states()}


FAILING = {
    "breaks_on_import": ("raise ValueError('no detector')", "import: ValueError: no detector"),
    "ends_the_process": ("import sys\nsys.exit(3)", "import: SystemExit: 3"),
    "needs_something": ("import not_installed_anywhere", "import: ModuleNotFoundError: No module named 'not_installed"),
    "is_no_plugin": ("x = 1", "neither a class Plugin nor a function get_routers"),
    "has_no_name": ("class Plugin:\n    def get_name(self): return '../x'", "get_name: '../x' is no name"),
    "breaks_in_initialize": ("class Plugin:\n    async def initialize(self): raise OSError('no disk')", "no disk"),
    "replaces_the_gate": (
        "import ink_core.plugins as p\n@p.register_hook('manager.gate.gate.Gate.propose')\ndef propose(*args): pass",
        "there is no hookable function 'manager.gate.gate.Gate.propose'",
    ),
    "brings_middleware": (
        "class Plugin:\n    def register_routers(self, app): app.add_middleware(lambda app: app)",
        "no middleware",
    ),
    "mounts_an_application": (
        "class Plugin:\n    def register_routers(self, app): app.mount('/x', app)",
        "only routes of an APIRouter",
    ),
    "has_no_page": ("class Plugin:\n    def get_page(self): return '/etc'", "whose folder has an index.html"),
}


@pytest.mark.requirement("CORE-PLUGIN-06")
async def test_each_plugin_that_fails_is_named_with_its_reason_and_the_others_run(write: Write) -> None:
    packages = [write(name, source) for name, (source, _) in FAILING.items()]
    plugins = await started(*packages, "not_there_at_all", LECTURE)
    found = reasons(plugins)
    for name, (_, expected) in FAILING.items():
        assert expected in found[name], name
    assert "not_there_at_all" in found["not_there_at_all"]
    assert [state.name for state in plugins.states() if state.state == "running"] == ["lecture"]


@pytest.mark.requirement("CORE-PLUGIN-06")
async def test_a_plugin_that_hangs_holds_nobody_up_and_what_it_registers_late_is_refused(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, ended = threading.Event(), threading.Event()
    monkeypatch.setattr(threading, "late_plugin", (go_on, ended), raising=False)
    write(
        "hangs",
        "import threading\nfrom ink_core.plugins import register_hook\n"
        "go_on, ended = threading.late_plugin\ngo_on.wait(60)\n"
        "try:\n    register_hook('manager.accounts.os_home')(lambda user: '/taken')\n"
        "finally:\n    ended.set()\n",
    )
    plugins = await started("hangs", deadline_s=0.05)
    assert reasons(plugins) == {"hangs": "it was not ready within 0.05 s"}
    go_on.set()
    assert ended.wait(PATIENCE_S)
    assert HOOKS.of("hangs") == []
    assert os_home("root") != "/taken"


async def test_two_plugins_of_one_name_cannot_both_run(write: Write) -> None:
    write("again", "class Plugin:\n    def get_name(self): return 'lecture'\n")
    assert "another plugin has the name 'lecture'" in reasons(await started(LECTURE, "again"))["again"]


async def test_what_a_failed_plugin_replaced_is_the_cores_again(write: Write) -> None:
    source = (
        "from ink_core.plugins import register_hook\n"
        "register_hook('manager.accounts.os_home')(lambda user: '/taken')\nraise ValueError('after all')"
    )
    await started(write("changes_its_mind", source))
    assert os_home("root") != "/taken"


@pytest.mark.requirement("CORE-PLUGIN-03")
async def test_a_module_with_get_routers_alone_is_a_plugin(write: Write) -> None:
    source = (
        "from fastapi import APIRouter\nrouter = APIRouter()\n"
        "@router.get('/simple')\ndef simple(): return 1\ndef get_routers(): return [router]\n"
    )
    (state,) = (await started(write("simple_module", source))).states()
    assert (state.state, state.name, state.routes) == ("running", "simple_module", ["GET /simple"])


async def test_what_a_running_plugin_brings_is_told() -> None:
    plugins = Plugins()
    await plugins.start([LECTURE], PATIENCE_S)
    plugins.mount(FastAPI(openapi_url=None))
    try:
        (state,) = plugins.states()
        assert (state.name, state.version, state.hooks) == ("lecture", "1.2", ["manager.accounts.os_home"])
        assert "POST /api/v1/lecture/notes" in state.routes
        assert "WS /lecture/live" in state.routes
        assert os_home("anybody") == "/lecture/anybody"
    finally:
        plugins.withdraw()


@pytest.mark.parametrize("package", ["ink_plugn", "ink_core.plugn"])
async def test_a_name_that_nothing_is_installed_under_takes_one_line_of_the_log(
    package: str, caplog: pytest.LogCaptureFixture
) -> None:
    await started(package)
    (record,) = (record for record in caplog.records if package in record.getMessage())
    assert record.exc_info is None
    assert "No module named" in record.getMessage()


async def test_a_plugin_that_breaks_is_logged_with_where_it_broke(
    write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    await started(write("breaks_with_a_trace", "raise ValueError('no detector')"))
    assert "breaks_with_a_trace.py" in caplog.text
    assert "Traceback" in caplog.text
