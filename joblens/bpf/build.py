"""Remakes `joblens.bpf.o` with the locked compiler: `make bpf`. Run as a file, by the interpreter of that environment.

The compiler is clang as the package `ziglang` brings it (`requirements/bpf.lock`); the same source gives
the same bytes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
SOURCE, OBJECT = "joblens.bpf.c", HERE / "joblens.bpf.o"
FLAGS = (
    *("-target", "bpfel-freestanding", "-mcpu=v3", "-O2"),
    *("-g", "-fdebug-compilation-dir=."),  # the types (BTF) that relocation needs; no path of this machine
    *("-fno-stack-protector", "-fno-sanitize=all", "-fno-asynchronous-unwind-tables", "-fno-unwind-tables"),
    *("-Wall", "-Werror", "-Wno-unused-function"),
)


def build(target: Path) -> None:
    """Raises `CalledProcessError`; the compiler says why."""
    with tempfile.TemporaryDirectory() as cache:
        places = {"ZIG_LOCAL_CACHE_DIR": cache, "ZIG_GLOBAL_CACHE_DIR": cache}
        argv = (sys.executable, "-m", "ziglang", "cc", *FLAGS, "-c", SOURCE, "-o", str(target.resolve()))
        subprocess.run(argv, cwd=HERE, env=os.environ | places, check=True, timeout=120)


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else OBJECT)
