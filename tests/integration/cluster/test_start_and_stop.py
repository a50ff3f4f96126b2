"""A cluster of its own, in network and mount namespaces of its own, beside the one that may be up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.cluster.dev_cluster import SCRIPT

pytestmark = [pytest.mark.cluster, pytest.mark.integration]

PLAY = """
set -eu
mount -t tmpfs tmpfs /run
seen() { ip -o link | wc -l; ls /run/netns 2>/dev/null || true; grep -c . /proc/self/mounts; losetup -a | wc -l; }
before=$(seen)
"$@" up --nodes 1 --services condor
"$@" up >&2
"$@" status --json
"$@" down
after=$(seen)
[ "$before" = "$after" ] || { echo "before: $before after: $after" >&2; exit 9; }
"$@" down
"""


@pytest.mark.requirement("DEV-CLUSTER-01")
@pytest.mark.requirement("DEV-CLUSTER-02")
def test_down_leaves_no_process_mount_device_or_file_and_both_commands_may_be_repeated(tmp_path: Path) -> None:
    subprocess.run([sys.executable, SCRIPT, "image"], check=True, timeout=1500)  # from there on without a network
    base = tmp_path / "cluster"
    apart = ["unshare", "--net", "--mount", "--propagation", "private"]
    argv = [*apart, "bash", "-c", PLAY, "play", sys.executable, SCRIPT]
    environment = os.environ | {"INK_CLUSTER_BASE": str(base)}
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr
    status = json.loads(done.stdout)
    assert status["up"]
    assert sorted(status["machines"]) == ["cm", "node1", "portal"]
    assert not [machine["pid"] for machine in status["machines"].values() if Path(f"/proc/{machine['pid']}").exists()]
    assert not base.exists()
