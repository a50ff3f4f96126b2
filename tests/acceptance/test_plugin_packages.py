"""The example plugins as packages of their own: installed, tested by their own tests, enabled, served and opened.

They go into an environment beside the project's, which sees the project's packages, so that no network is needed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
import yaml
from playwright.sync_api import Browser, expect

from bench.running_manager import Client
from tests.acceptance.browser import Visitor
from tests.acceptance.embedded import ACCOUNTS, Embedded, running_embedded

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600), pytest.mark.xdist_group("plugin packages")]
EXAMPLES = Path(__file__).parents[2] / "examples"
TEMPLATE, DISPLAY = EXAMPLES / "plugin-template", EXAMPLES / "plugin-event-display"
BIN = Path(sys.executable).parent
ENABLED = {"unified_plugins": {"packages": ["ink_plugin_template", "ink_event_display", "not_installed_anywhere"]}}


@dataclass
class Installed:
    """An environment with both plugins."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def packages(self) -> Path:
        return next(self.folder.glob("lib/python3.*/site-packages"))


def run(argv: list[str | Path], folder: Path) -> str:
    done = subprocess.run(argv, cwd=folder, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    made = Installed(tmp_path_factory.mktemp("plugins") / "venv")
    run([BIN / "uv", "venv", "--quiet", "--offline", "--python", sys.executable, made.folder], EXAMPLES)
    ours = next(BIN.parent.glob("lib/python3.*/site-packages"))
    (made.packages / "project.pth").write_text(f"import site; site.addsitedir({str(ours)!r})\n")
    install = [BIN / "uv", "pip", "install", "--quiet", "--offline", "--no-deps", "--no-build-isolation"]
    run([*install, "--python", made.python, TEMPLATE, DISPLAY], EXAMPLES)
    return made


@pytest.fixture(scope="module")
def embedded(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """Without plugins at first, where both are installed all the same."""
    path = os.pathsep.join((str(installed.packages), os.environ.get("PYTHONPATH", ""))).rstrip(os.pathsep)
    with running_embedded(tmp_path_factory.mktemp("site"), environment={"PYTHONPATH": path}) as running:
        yield running


@pytest.mark.requirement("CORE-PLUGIN-04")
def test_installed_plugins_pass_their_own_tests(installed: Installed, tmp_path: Path) -> None:
    argv = [installed.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--import-mode=importlib"]
    said = run([*argv, f"--rootdir={tmp_path}", TEMPLATE / "tests", DISPLAY / "tests"], tmp_path)
    (summary,) = said.splitlines()[-1:]
    assert re.fullmatch(r"\d+ passed in .*", summary), said


@pytest.fixture(scope="module")
def enabled(embedded: Embedded) -> Embedded:
    """Started again with both enabled; before that they were not there."""
    before = embedded.sign_in("alice")
    assert before.http.get("/api/v1/template/greeting").status_code == 404
    assert before.get("/plugins/pages") == []
    before.http.close()
    embedded.manager.stop()
    embedded.overlay.write_text(yaml.safe_dump({"sign_in": ACCOUNTS, **ENABLED}))
    embedded.restart()
    return embedded


@pytest.fixture(scope="module")
def alice(enabled: Embedded) -> Iterator[Client]:
    signed_in = enabled.sign_in("alice")
    yield signed_in
    signed_in.http.close()


@pytest.mark.requirement("CORE-PLUGIN-01")
@pytest.mark.requirement("CORE-PLUGIN-04")
def test_a_plugin_that_config_yml_names_answers_after_the_next_start(enabled: Embedded, alice: Client) -> None:
    assert alice.get("/template/greeting") == {"text": "Hello alice"}
    assert httpx2.get(f"{enabled.url}/api/v1/template/greeting").status_code == 401


@pytest.mark.requirement("CORE-PLUGIN-03")
def test_what_it_changes_is_done_as_the_user_through_the_gate(enabled: Embedded, alice: Client) -> None:
    alice.post("/template/notes", {"name": "first", "text": "seen"})
    assert (enabled.workspace("alice") / "template-notes/first.txt").read_text() == "seen"
    code, exported = enabled.ink("audit", "export", "--chain", "portal:alice")
    assert code == 0 and "template-notes/first.txt" in exported


@pytest.mark.requirement("CORE-PLUGIN-06")
def test_the_one_that_is_not_installed_is_named_and_the_others_run(enabled: Embedded) -> None:
    admin = enabled.sign_in("admin")
    states = {row["package"]: row for row in admin.get("/plugins")}
    admin.http.close()
    assert [states[name]["state"] for name in ENABLED["unified_plugins"]["packages"]] == [
        "running",
        "running",
        "failed",
    ]
    assert states["ink_plugin_template"]["version"] == "0.1.0"
    assert "not_installed_anywhere" in states["not_installed_anywhere"]["reason"]
    assert "not_installed_anywhere is left out" in enabled.manager.text()


@pytest.mark.browser
@pytest.mark.requirement("CORE-PLUGIN-05")
def test_the_event_display_is_opened_through_ink_and_shows_a_file_of_the_home(
    enabled: Embedded, alice: Client, browser: Browser
) -> None:
    alice.post("/event-display/events", {"path": "events.json", "count": 3})
    visitor = Visitor(browser, enabled.url)
    visitor.sign_in_by_link(enabled.link("alice"))
    page = visitor.page
    page.get_by_role("region", name="Pages of this site").get_by_role("link", name="Event display").click()
    expect(page.get_by_role("status")).to_have_text("Simulated events")
    expect(page.locator("#xz rect:not(.frame)").first).to_be_attached()
    page.get_by_label("File of events in my home").fill("events.json")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("status")).to_have_text("Events of events.json")
    expect(page.get_by_role("navigation", name="Events").get_by_role("button")).to_have_count(3)
    page.get_by_role("button", name="muon").first.click()
    expect(page.get_by_role("heading", level=2)).to_contain_text("muon")
    assert visitor.troubles == []
    visitor.context.close()
