"""Python environments from the checkout's hash-locked requirements, made with the Python of the nodes."""

import json
import os
import tomllib
from pathlib import Path
from typing import Any

from cache import building, key_of, touch_and_prune
from image import IN_ROOT
from layout import CACHE, CHECKOUT
from steps import ClusterError, run, step

ENVS = CACHE / "envs"
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
LOCKS = CHECKOUT / "requirements"


def require_uv() -> None:
    """uv comes with the checkout's own environment."""
    if not (CHECKOUT / ".venv/bin/uv").exists():
        with step("environment of the checkout (for uv)"):
            run([CHECKOUT / "scripts/bootstrap.sh", "env", "run"], "making the environment of the checkout", 600)


def uv(root: Path, binds: list[str], *words: str) -> None:
    """Run the checkout's uv inside a root file system, with the network settings of this machine."""
    require_uv()
    cache = CACHE / "uv"
    cache.mkdir(parents=True, exist_ok=True)
    binds = [*binds, f"{CHECKOUT}:/opt/ink/src", f"{cache}:/var/cache/uv", "/etc/resolv.conf:/etc/resolv.conf"]
    if bundle := os.environ.get("SSL_CERT_FILE"):
        binds.append(f"{bundle}:{CERTIFICATES}")
    settings = {"PATH": "/usr/bin:/bin", "HOME": "/root", "UV_CACHE_DIR": "/var/cache/uv", "UV_LINK_MODE": "copy",
                "UV_NO_CONFIG": "1", "SSL_CERT_FILE": CERTIFICATES}  # fmt: skip
    passed_on = {k: v for k, v in os.environ.items() if k.startswith("UV_") or k.lower().endswith("_proxy")}
    assignments = [f"{name}={value}" for name, value in (passed_on | settings).items()]
    argv = [IN_ROOT, root, *binds, "--", "/usr/bin/env", "-i", *assignments, "/opt/ink/src/.venv/bin/uv", *words]
    run(argv, "installing the locked Python packages", 600)


def environment(suite: str, root: Path) -> Path:
    """The environment of manager, agents and spawner: the locked packages and the checkout itself, editable."""
    lock, build_lock = LOCKS / "htcondor.lock", LOCKS / "build.lock"
    for needed in (lock, build_lock):
        if not needed.exists():
            raise ClusterError(f"{needed} is missing: write the lock files first (scripts/lock.sh)")
    target = ENVS / f"{suite}-{key_of([root.name, lock, build_lock, _project()])}"
    if not target.exists():
        with step("Python environment: not in the cache, building"), building(target) as draft:
            _build(root, draft, [lock, build_lock])
    touch_and_prune(target, f"{suite}-*")
    return target


def compile_checkout(env: Path, root: Path) -> None:
    """Byte code beside the checkout's sources, which nobody in the nodes may write: else every start compiles anew."""
    packages = _pyproject()["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    folders = [f"/opt/ink/src/{package}" for package in packages]
    binds = [f"{env}:/opt/ink/env", f"{CHECKOUT}:/opt/ink/src"]
    run([IN_ROOT, root, *binds, "--", "/opt/ink/env/bin/python", "-m", "compileall", "-q", *folders], "compiling")
    # A manager that ran on this machine has left folders that are closed to others.
    caches = [path for package in packages for path in (CHECKOUT / package).rglob("__pycache__")]
    run(["chmod", "-R", "a+rX", *caches], "opening the byte code to every user")


def _pyproject() -> dict[str, Any]:
    return tomllib.loads((CHECKOUT / "pyproject.toml").read_text())


def _project() -> str:
    """What of pyproject.toml an editable installation depends on."""
    project = _pyproject()
    return json.dumps([project["project"], project["build-system"], project["tool"]["hatch"]], sort_keys=True)


def _build(root: Path, draft: Path, locks: list[Path]) -> None:
    draft.mkdir(mode=0o755)
    binds = [f"{draft}:/opt/ink/env"]
    python = "/opt/ink/env/bin/python"
    uv(root, binds, "venv", "--quiet", "--allow-existing", "--python", "/usr/bin/python3", "/opt/ink/env")
    requirements = [word for lock in locks for word in ("-r", f"/opt/ink/src/requirements/{lock.name}")]
    install = ["pip", "install", "--quiet", "--python", python, "--compile-bytecode"]
    uv(root, binds, *install, "--require-hashes", *requirements)
    uv(root, binds, *install, "--no-deps", "--no-build-isolation", "--editable", "/opt/ink/src")
    run(["chmod", "-R", "a+rX", draft], "opening the environment to every user")
