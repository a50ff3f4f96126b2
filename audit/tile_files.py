"""The log as public files: tiles, entry bundles and the newest checkpoint, named as C2SP tlog-tiles has them.

A derived view of the ledger's database: what a crash left behind or somebody damaged is made again at the next start.
Whoever is given this folder can check inclusion and consistency alone.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from audit.merkle import HASH_BYTES, WIDTH, TileKey

ENTRIES = -1
"""The level of entry bundles, which are kept beside the tiles."""


class TileFiles:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, key: TileKey) -> bytes:
        """The tile, whole or the widest part of it. Raises `FileNotFoundError`."""
        whole = self._path(key)
        if whole.is_file():
            return whole.read_bytes()
        parts = sorted(Path(f"{whole}.p").iterdir(), key=lambda part: int(part.name))
        return parts[-1].read_bytes()

    def write_tile(self, key: TileKey, tile: bytes) -> None:
        self.write(key, len(tile) // HASH_BYTES, tile)

    def write_bundle(self, index: int, entries: list[bytes]) -> None:
        bundle = b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)
        self.write((ENTRIES, index), len(entries), bundle)

    def write(self, key: TileKey, width: int, content: bytes) -> None:
        whole = self._path(key)
        parts = Path(f"{whole}.p")
        _replace(whole if width == WIDTH else parts / str(width), content)
        if width == WIDTH:
            shutil.rmtree(parts, ignore_errors=True)

    def clear(self) -> None:
        shutil.rmtree(self._folder / "tile", ignore_errors=True)

    def read_checkpoint(self) -> str | None:
        file = self._folder / "checkpoint"
        return file.read_text("utf-8") if file.is_file() else None

    def write_checkpoint(self, note: str) -> None:
        _replace(self._folder / "checkpoint", note.encode())

    def write_key(self, vkey: str) -> None:
        """The public key, to be given to whoever verifies."""
        _replace(self._folder / "key", f"{vkey}\n".encode())

    def _path(self, key: TileKey) -> Path:
        level, index = key
        below = [f"{index % 1000:03}"]
        while index := index // 1000:
            below.insert(0, f"x{index % 1000:03}")
        return self._folder.joinpath("tile", "entries" if level == ENTRIES else str(level), *below)


def _replace(file: Path, content: bytes) -> None:
    """Atomically; not flushed to the disk, since all of it can be made again."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f".{file.name}.new")
    draft.write_bytes(content)
    os.replace(draft, file)
