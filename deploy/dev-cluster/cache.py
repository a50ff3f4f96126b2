"""Names for cached builds: a build is known by the hash of what goes into it, and appears whole or not at all."""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from layout import CACHE

KEPT = 3  # builds of one kind; older ones go when a new one is made


def key_of(parts: Iterable[str | bytes | Path]) -> str:
    """Hash of texts and of files' contents, in order."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) else part.encode() if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()[:16]


@contextmanager
def building(target: Path) -> Iterator[Path]:
    """A place to build in; its folder or file takes the target's name when the block ends well, else it is removed."""
    CACHE.mkdir(parents=True, exist_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    with scratch(target.with_name(f".building-{target.name}")) as draft:
        yield draft
        os.replace(draft, target)


@contextmanager
def scratch(path: Path) -> Iterator[Path]:
    """A folder or file that is only needed inside the block."""
    remove(path)
    try:
        yield path
    finally:
        remove(path)


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def touch_and_prune(target: Path, pattern: str) -> None:
    """Mark a build as just used and remove all but the last few of its kind."""
    os.utime(target)
    builds = sorted(target.parent.glob(pattern), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in builds[KEPT:]:
        remove(old)
