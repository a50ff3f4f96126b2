"""The worker's container image: Debian's Python, the worker's locked packages, and worker_agent from the checkout.

Two layers with keys of their own: the base (suite, packages, lock file) takes a minute and is cached; the package's
source is appended to a copy of it as /ink, which takes a second. The squashfs is then wrapped into a SIF.
"""

import platform
import shutil
from pathlib import Path

from cache import building, key_of, scratch, touch_and_prune
from image import IN_ROOT, debootstrap, squash
from layout import CACHE, CHECKOUT, HERE
from python_env import LOCKS, uv
from steps import run, step

PACKAGES = ("python3", "ca-certificates", "file", "less", "procps", "ripgrep", "vim-tiny")
PACKAGE = CHECKOUT / "worker_agent"
FINISH = HERE / "finish-worker.sh"
IMPORT_PATH = "/ink"
SIF_PARTITION = ["--datatype", "4", "--parttype", "2", "--partfs", "1", "--partarch"]  # primary system, squashfs
ARCHITECTURES = {"x86_64": "2", "aarch64": "4"}


def sources() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def worker_image(suite: str, root: Path) -> Path:
    """The worker's SIF, from the cache or built; `root` is a file system that holds Apptainer."""
    base = _base(suite)
    names = [str(path.relative_to(PACKAGE)) for path in sources()]
    target = CACHE / f"worker-{suite}-{key_of([base.name, *names, *sources()])}.sif"
    if not target.exists():
        with step("worker image: adding worker_agent"), building(target) as draft:
            _add_source(base, root, draft)
    touch_and_prune(target, f"worker-{suite}-*.sif")
    return target


def _base(suite: str) -> Path:
    lock = LOCKS / "worker.lock"
    target = CACHE / f"worker-base-{suite}-{key_of([suite, *PACKAGES, lock, FINISH])}.sqfs"
    if not target.exists():
        with step("worker image: base not in the cache, building"):
            _build_base(suite, target)
    touch_and_prune(target, f"worker-base-{suite}-*.sqfs")
    return target


def _build_base(suite: str, target: Path) -> None:
    with building(target) as draft, scratch(target.with_suffix(".tree")) as tree:
        debootstrap(suite, PACKAGES, tree)
        _install(tree)
        squash(tree, draft)


def _install(tree: Path) -> None:
    lock = "/opt/ink/src/requirements/worker.lock"
    uv(tree, [], "pip", "install", "--quiet", "--system", "--break-system-packages", "--compile-bytecode",
       "--require-hashes", "-r", lock)  # fmt: skip
    run([IN_ROOT, tree, f"{HERE}:/mnt", "--", "/bin/bash", f"/mnt/{FINISH.name}", IMPORT_PATH], "finishing the base")


def _add_source(base: Path, root: Path, draft: Path) -> None:
    squashed, stage = draft.with_suffix(".sqfs"), draft.with_suffix(".stage")
    with scratch(squashed) as copy, scratch(stage) as folder:
        shutil.copyfile(base, copy)
        ink = folder / IMPORT_PATH.strip("/")
        shutil.copytree(PACKAGE, ink / PACKAGE.name, ignore=shutil.ignore_patterns("__pycache__"))
        compile_all = ["/usr/bin/python3", "-m", "compileall", "-q", IMPORT_PATH]
        run([IN_ROOT, base, f"{ink}:{IMPORT_PATH}", "--", *compile_all], "compiling worker_agent")
        run(
            ["mksquashfs", folder, copy, "-all-root", "-no-recovery", "-quiet", "-no-progress"],
            "adding worker_agent",
            120,
        )
        _wrap(copy, root, draft)


def _wrap(squashed: Path, root: Path, sif: Path) -> None:
    binds = [f"{sif.parent}:/mnt"]
    apptainer = ["/usr/bin/apptainer", "--silent", "sif"]
    arch = ARCHITECTURES[platform.machine()]
    run([IN_ROOT, root, *binds, "--", *apptainer, "new", f"/mnt/{sif.name}"], "making the SIF")
    add = [*apptainer, "add", *SIF_PARTITION, arch, f"/mnt/{sif.name}", f"/mnt/{squashed.name}"]
    run([IN_ROOT, root, *binds, "--", *add], "filling the SIF")
