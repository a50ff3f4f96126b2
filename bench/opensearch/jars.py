"""The server's jars: fetched once by Maven at the versions of `pom.xml`, and compared with `jars.sha256`.

They are kept in $INK_CACHE where there is one, otherwise in the checkout's `.stamps`.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
SUMS = HERE / "jars.sha256"
FETCH_S = 540


def why_no_jars() -> str | None:
    """The reason why no server can be started from them, or None."""
    if shutil.which("java") is None:
        return "there is no Java on this machine (scripts/install-test-tools.sh)"
    if not folder().is_dir():
        return "the jars of OpenSearch are not here (scripts/install-test-tools.sh)"
    return None


def folder() -> Path:
    """Where these jars are, once they are fetched."""
    wanted = hashlib.sha256((HERE / "pom.xml").read_bytes() + SUMS.read_bytes()).hexdigest()[:16]
    return _cache() / f"jars-{wanted}"


def _cache() -> Path:
    place = os.environ.get("INK_CACHE")
    return (Path(place) if place else HERE.parents[1] / ".stamps") / "opensearch"


def fetched() -> Path:
    """The folder, filled. Raises `RuntimeError` where Maven fails or a jar has other bytes than it had."""
    if folder().is_dir():
        return folder()
    _cache().mkdir(parents=True, exist_ok=True)
    with (_cache() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder().is_dir():
            made = folder().with_suffix(".new")
            shutil.rmtree(made, ignore_errors=True)
            _fetch(made)
            _compare(made)
            made.rename(folder())
            shutil.rmtree(_cache() / "maven", ignore_errors=True)
    return folder()


def _fetch(into: Path) -> None:
    options = ["--batch-mode", "--quiet", "--strict-checksums", f"--file={HERE / 'pom.xml'}"]
    places = [f"-Dmaven.repo.local={_cache() / 'maven'}", f"-DoutputDirectory={into}"]
    argv = ["mvn", *options, *places, "dependency:copy-dependencies"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=FETCH_S, check=False)
    if done.returncode:
        raise RuntimeError(f"Maven could not fetch OpenSearch:\n{done.stdout[-2000:]}{done.stderr[-500:]}")


def sums(jars: Path) -> str:
    """In the form of sha256sum."""
    files = sorted(jars.glob("*.jar"))
    return "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)


def _compare(jars: Path) -> None:
    wrong = set(sums(jars).splitlines()) ^ set(SUMS.read_text().splitlines())
    if wrong:
        raise RuntimeError(f"These jars of OpenSearch are not those of {SUMS.name}: {sorted(wrong)}")
