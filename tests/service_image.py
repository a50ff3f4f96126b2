"""The image of a deployment's services, for tests, on the root file system of the cluster's older generation.

`python -m tests.service_image` makes both, in the background of the other tests. A second call takes seconds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CLUSTER = ROOT / "deploy" / "dev-cluster" / "cluster.py"
CACHE = Path(os.environ.get("INK_CACHE") or "/var/cache/ink-harness") / "cluster"
IMAGE = "localhost/ink-harness:test"
"""Another than that of a deployment on this machine, which goes on."""
LONGEST_S = 900


def why_no_containers() -> str | None:
    """The reason why no deployment can be started here, or None."""
    if os.geteuid() != 0:
        return "containers of a deployment need root"
    if not shutil.which("podman"):
        return "podman is missing (scripts/install-test-tools.sh)"
    for probe in (["unshare", "--mount", "--net", "--pid", "--fork", "true"], ["podman", "info"]):
        # the engine answers nobody while it writes a layer of an image
        if subprocess.run(probe, capture_output=True, timeout=LONGEST_S, check=False).returncode:
            return f"containers do not work here: {' '.join(probe)} fails"
    return None


def older_root() -> Path:
    """The root file system, from the cache or built. Raises `CalledProcessError`."""
    subprocess.run([sys.executable, CLUSTER, "image", "--suite", "trixie", "--bare"], timeout=LONGEST_S, check=True)
    return max(CACHE.glob("root-trixie-*.sqfs"), key=lambda file: file.stat().st_mtime)


def build(base: Path) -> None:
    """Raises `CalledProcessError`; what failed was printed."""
    build_it = ROOT / "deploy" / "images" / "build.sh"
    environment = os.environ | {"INK_ENGINE": "podman"}
    lock = CACHE / "service-image.lock"  # who comes second finds the layers made
    subprocess.run(
        ["flock", lock, build_it, "--base", base, "--tag", IMAGE], env=environment, timeout=LONGEST_S, check=True
    )


if __name__ == "__main__":
    root = older_root()
    if why_no_containers() is None:
        build(root)
