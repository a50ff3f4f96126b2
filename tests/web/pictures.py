"""The pictures of every page that are kept for the documentation; `make screenshots` makes them anew."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "docs/screenshots/pages"


def png_size(file: Path) -> tuple[int, int]:
    """Width and height, from the header of a PNG (its specification, 11.2.2)."""
    head = file.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n", file
    return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
