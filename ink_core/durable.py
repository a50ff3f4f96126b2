"""Onto the disk: what was written in a file, or put into a folder, outlives a power failure afterwards."""

from __future__ import annotations

import os
from pathlib import Path


def flush(path: Path) -> None:
    """Of a file its content, of a folder its names. Blocking. Raises `OSError`."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
