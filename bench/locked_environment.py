"""An interpreter beside ours, for a package that does not go with our versions: from a hash-locked file, once."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class LockedEnvironment:
    """What `requirements/NAME.lock` holds, in `.venv/bench/NAME`."""

    name: str

    @property
    def place(self) -> Path:
        return ROOT / ".venv" / "bench" / self.name

    @property
    def python(self) -> Path:
        return self.place / "bin" / "python"

    @property
    def why_not_installed(self) -> str:
        """What the last attempt to install it met, or that there was none."""
        if self._failure.is_file():
            return f"{self.name} could not be installed: {self._failure.read_text().strip()}"
        return f"{self.name} is not installed: python -m bench.locked_environment {self.name}"

    @property
    def is_installed(self) -> bool:
        """Whole, and of the locked versions."""
        return self._stamp.is_file() and self._stamp.read_text() == self._locked()

    def install(self) -> Path:
        """The interpreter, with the packages installed at the first use. Raises `CalledProcessError`."""
        if not self.is_installed:
            uv = ROOT / ".venv" / "bin" / "uv"
            self._run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, self.place)
            self._run(uv, "pip", "install", "--quiet", "--require-hashes", "--python", self.python, "-r", self._lock)
            self._stamp.write_text(self._locked())
            self._failure.unlink(missing_ok=True)
        return self.python

    def _run(self, *argv: str | Path) -> None:
        done = subprocess.run(argv, stderr=subprocess.PIPE, text=True, check=False)
        sys.stderr.write(done.stderr)
        if done.returncode != 0:
            self._failure.parent.mkdir(parents=True, exist_ok=True)
            self._failure.write_text(done.stderr[-2000:] or f"exit code {done.returncode}")
        done.check_returncode()

    @property
    def _lock(self) -> Path:
        return ROOT / "requirements" / f"{self.name}.lock"

    @property
    def _failure(self) -> Path:
        return self.place.with_name(f"{self.name}.failed")

    @property
    def _stamp(self) -> Path:
        return self.place / "stamp"

    def _locked(self) -> str:
        return hashlib.sha256(self._lock.read_bytes()).hexdigest()


if __name__ == "__main__":
    for name in sys.argv[1:]:
        LockedEnvironment(name).install()
