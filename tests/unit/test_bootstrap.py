"""The bootstrap on machines that lack something: one clear sentence, and nothing half-made left behind."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = "bash dirname sha256sum cut cat df awk mkdir flock rm mv ln find sort xargs".split()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with the bootstrap's inputs, and `bin` with the plain tools only: no Python, no Node."""
    tree = tmp_path / "checkout"
    for name in ("scripts", "requirements"):
        shutil.copytree(ROOT / name, tree / name)
    shutil.copy(ROOT / "pyproject.toml", tree)
    (tree / "web").mkdir()
    (tree / "web/package.json").write_text("{}")
    (tree / "web/package-lock.json").write_text("{}")
    (tree / "manager/api").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool) or tool)
    return tree


def program(checkout: Path, name: str, script: str) -> None:
    path = checkout.parent / "bin" / name
    path.unlink(missing_ok=True)
    path.write_text(f"#!/bin/bash\n{script}\n")
    path.chmod(0o755)


def bootstrap(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(checkout.parent / "bin"), "HOME": os.fspath(checkout.parent)}
    command = ["bash", "scripts/bootstrap.sh", *arguments]
    return subprocess.run(
        command, cwd=checkout, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.requirement("SETUP-RUN-03")
def test_without_python_it_says_which_one_is_needed(checkout: Path) -> None:
    result = bootstrap(checkout, "env", "run")
    assert result.returncode == 1
    assert result.stderr.startswith("ink: Python 3.11 or newer is needed")
    assert result.stderr.count("\n") == 1


@pytest.mark.requirement("SETUP-RUN-03")
def test_an_old_python_is_none(checkout: Path) -> None:
    program(checkout, "python3", "exit 1")
    assert bootstrap(checkout, "env", "run").stderr.startswith("ink: Python 3.11 or newer is needed")


@pytest.mark.requirement("SETUP-RUN-03", "SETUP-RUN-04")
def test_without_the_venv_module_it_says_so_and_leaves_nothing(checkout: Path) -> None:
    program(checkout, "python3", '[[ $* == *ensurepip* ]] && exit 1; echo "Python 3.11.2"')
    result = bootstrap(checkout, "env", "run")
    assert "ink: this Python has no venv module" in result.stderr
    assert not (checkout / ".venv").exists()


@pytest.mark.requirement("SETUP-RUN-04")
def test_an_interrupted_download_leaves_no_environment(checkout: Path) -> None:
    program(checkout, "python3", "[[ $1 == -m ]] || exit 0; mkdir -p .venv/bin; ln -s /bin/false .venv/bin/python")
    result = bootstrap(checkout, "env", "run")
    assert "ink: uv could not be installed from the package registry" in result.stderr
    assert not (checkout / ".venv").exists()


def environment_that_notes(checkout: Path) -> Path:
    """Python makes an environment whose uv writes down what it was asked for; returns that file."""
    program(checkout, "uv", 'echo "$*" >>uv.calls')
    make = "mkdir -p .venv/bin; ln -s /bin/true .venv/bin/python; ln -s {} .venv/bin/uv"
    program(checkout, "python3", f"[[ $* == '-m venv .venv' ]] || exit 0; {make.format(checkout.parent / 'bin/uv')}")
    return checkout / "uv.calls"


def test_what_a_site_adds_is_installed_again_after_each_sync_and_when_it_changes(checkout: Path) -> None:
    calls, site = environment_that_notes(checkout), checkout / "requirements/site.txt"
    for content in ("./my-plugin\n", "./my-plugin\n", "./my-plugin\n./another\n"):
        site.write_text(content)
        assert bootstrap(checkout, "env", "run").returncode == 0
    asked = [line.split()[1] + " site" * ("requirements/site.txt" in line) for line in calls.read_text().splitlines()]
    assert asked == ["sync", "install", "install site"] * 2


def test_messages_in_a_log_hold_no_codes_of_a_terminal(checkout: Path) -> None:
    environment_that_notes(checkout)
    said = bootstrap(checkout, "env", "run").stderr
    assert "· installing the locked packages\n" in said
    assert "\033" not in said


@pytest.mark.requirement("SETUP-RUN-03", "SETUP-RUN-04")
@pytest.mark.parametrize("part", [("env", "run"), ("web",)])
def test_in_a_checkout_that_cannot_be_written_it_says_so_and_begins_nothing(
    checkout: Path, part: tuple[str, ...]
) -> None:
    (checkout / ".stamps").write_text("in the way, for root too")
    program(checkout, "python3", "exit 0")
    before = sorted(checkout.rglob("*"))
    result = bootstrap(checkout, *part)
    assert result.returncode == 1
    assert result.stderr.startswith(f"ink: this user may not write in the checkout {checkout};")
    assert result.stderr.count("\n") == 1
    assert sorted(checkout.rglob("*")) == before


@pytest.mark.requirement("SETUP-RUN-03")
@pytest.mark.parametrize("part", [("env", "run"), ("web",)])
def test_on_a_full_disk_it_says_how_much_is_missing(checkout: Path, part: tuple[str, ...]) -> None:
    program(checkout, "python3", "exit 0")
    program(checkout, "node", "echo v22.1.0")
    program(checkout, "npm", "exit 0")
    program(checkout, "df", r'printf "Filesystem 1M-blocks Used Available\ndisk 100 90 10\n"')
    result = bootstrap(checkout, *part)
    assert "MiB free on this disk and only 10 MiB are left" in result.stderr
    assert not (checkout / ".venv").exists()


@pytest.mark.requirement("SETUP-RUN-03")
@pytest.mark.parametrize(("version", "sentence"), [("", "none was found"), ("echo v18.19.0", "this is 18.19.0")])
def test_without_a_new_enough_node_it_says_so(checkout: Path, version: str, sentence: str) -> None:
    if version:
        program(checkout, "node", version)
    result = bootstrap(checkout, "web")
    assert result.stderr.startswith("ink: Node 20 or newer is needed")
    assert sentence in result.stderr


@pytest.mark.requirement("SETUP-RUN-04")
def test_a_failed_build_keeps_the_page_of_before(checkout: Path) -> None:
    static = checkout / "manager/api/static"
    static.mkdir()
    (static / "index.html").write_text("before")
    program(checkout, "node", "echo v22.1.0")
    program(checkout, "npm", '[[ $1 == ci ]] && mkdir -p node_modules || { mkdir -p "${@: -4:1}"; exit 1; }')
    result = bootstrap(checkout, "web")
    assert "ink: the front end could not be built" in result.stderr
    assert (static / "index.html").read_text() == "before"
    assert not (checkout / "manager/api/static.new").exists()


@pytest.mark.requirement("SETUP-RUN-02")
def test_a_second_build_of_the_page_does_nothing(checkout: Path) -> None:
    program(checkout, "node", "echo v22.1.0")
    program(checkout, "npm", 'echo "$1" >>../npm.calls; [[ $1 == ci ]] && mkdir node_modules || mkdir -p "$6"')
    assert bootstrap(checkout, "web").returncode == 0
    first = (checkout / "npm.calls").read_text()
    assert bootstrap(checkout, "web").returncode == 0
    assert (checkout / "npm.calls").read_text() == first == "ci\nrun\n"
