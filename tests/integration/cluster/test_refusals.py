"""Where the cluster cannot start, one sentence says why, and nothing has been changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.cluster.dev_cluster import SCRIPT

pytestmark = pytest.mark.integration
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to get further than the first refusal")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users can read."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def refusal(argv: list[str | Path], folder: Path, **environment: str) -> str:
    """What a refused command says, which is one line."""
    places = {"INK_CLUSTER_BASE": f"{folder}/base", "INK_CACHE": f"{folder}/cache"}
    environment = {"PATH": os.environ["PATH"], **places, **environment}
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1, done.stderr
    assert done.stderr.count("\n") == 1
    return done.stderr


@pytest.mark.requirement("DEV-CLUSTER-03")
def test_without_root_one_sentence_says_so(open_folder: Path) -> None:
    script = shutil.copytree(SCRIPT.parent, open_folder / "a/b/dev-cluster") / SCRIPT.name
    become = ["setpriv", "--reuid", "65534", "--clear-groups"] if os.geteuid() == 0 else []
    said = refusal([*become, "/usr/bin/env", "python3", "-B", script, "up"], open_folder)
    assert "needs root" in said
    assert [entry.name for entry in open_folder.iterdir()] == ["a"]


@needs_root
@pytest.mark.requirement("DEV-CLUSTER-03")
def test_missing_tools_without_apt_get_are_named(open_folder: Path) -> None:
    said = refusal([sys.executable, SCRIPT, "up"], open_folder, PATH="/nowhere")
    assert "mmdebstrap" in said
    assert "squashfs-tools" in said
    assert list(open_folder.iterdir()) == []


@needs_root
@pytest.mark.requirement("DEV-CLUSTER-03")
def test_too_little_disk_space_is_refused_before_anything_is_built(open_folder: Path) -> None:
    play = 'mount -t tmpfs -o size=64M tmpfs "$1"; exec "${@:2}"'
    argv = ["unshare", "--mount", "--propagation", "private", "bash", "-c", play, "play", open_folder]
    said = refusal([*argv, sys.executable, SCRIPT, "up"], open_folder)
    assert "needs 4 GB" in said


@needs_root
def test_a_command_in_a_cluster_that_is_down_says_how_to_start_it(open_folder: Path) -> None:
    assert "start with up" in refusal([sys.executable, SCRIPT, "exec", "portal", "--", "true"], open_folder)
