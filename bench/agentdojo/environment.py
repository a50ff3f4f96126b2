"""The interpreter that has the package `agentdojo`, beside ours: from a hash-locked file of its own, once.

`python -m bench.agentdojo.environment` installs it.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements" / "agentdojo.lock"
PLACE = ROOT / ".venv" / "bench" / "agentdojo"
STAMP = PLACE / "stamp"
PYTHON = PLACE / "bin" / "python"


def is_installed() -> bool:
    """Whole, and of the locked versions."""
    return STAMP.is_file() and STAMP.read_text() == _locked()


def install() -> Path:
    """The interpreter, with the package installed at the first use. Raises `CalledProcessError` where that fails."""
    if not is_installed():
        uv = ROOT / ".venv" / "bin" / "uv"
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, PLACE], check=True)
        sync = [uv, "pip", "install", "--quiet", "--require-hashes", "--python", PYTHON, "-r", LOCK]
        subprocess.run(sync, check=True)
        STAMP.write_text(_locked())
    return PYTHON


def _locked() -> str:
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


if __name__ == "__main__":
    install()
