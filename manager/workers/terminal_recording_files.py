"""The files of recorded terminals, a folder a user: `ID.live` while it grows, `ID.cast` once its end is on record.

Blocking; one thread at a time. Limits: local files; what the ledger says of them is kept elsewhere (`recorder`).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

_USER = "u-"  # no name of a user can then be `.` or `..`


@dataclass(frozen=True)
class Digest:
    bytes: int
    sha256: str


class RecordingFiles:
    """`most_bytes` is how much is kept of one user."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder, self._most_bytes = folder, most_bytes

    def append(self, user: str, recording_id: str, text: str) -> None:
        """Outlives the process at once; `seal` makes it outlive the machine."""
        file = self._live(user, recording_id)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with open(descriptor, "wb", buffering=0) as opened:
            opened.write(text.encode())

    def seal(self, user: str, recording_id: str) -> Digest:
        with self._live(user, recording_id).open("rb") as opened:
            os.fsync(opened.fileno())
            digest = hashlib.file_digest(opened, "sha256")
            return Digest(opened.tell(), digest.hexdigest())

    def settle(self, user: str, recording_id: str) -> None:
        """Its end is on record."""
        self._live(user, recording_id).rename(self._kept(user, recording_id))

    def left(self) -> Sequence[tuple[str, str]]:
        """User and id of recordings whose end may not be on record."""
        files = sorted(self._folder.glob(f"{_USER}*/*.live"))
        return [(unquote(file.parent.name.removeprefix(_USER)), file.stem) for file in files]

    def find(self, user: str, recording_id: str) -> Path | None:
        files = (self._kept(user, recording_id), self._live(user, recording_id))
        return next((file for file in files if file.is_file()), None)

    def all(self, user: str) -> Sequence[str]:
        return [file.stem for file in sorted(self._of(user).glob("*.cast"))]

    def surplus(self, user: str) -> Sequence[str]:
        """The oldest ones, without which the others are within the bound."""
        return list(self._beyond(sorted(self._of(user).glob("*.cast"), key=_age, reverse=True)))

    def remove(self, user: str, recording_ids: Sequence[str]) -> None:
        for recording_id in recording_ids:
            self._kept(user, recording_id).unlink(missing_ok=True)

    def _beyond(self, newest_first: Sequence[Path]) -> Iterator[str]:
        total = 0
        for file in newest_first:
            total += file.stat().st_size
            if total > self._most_bytes:
                yield file.stem

    def _of(self, user: str) -> Path:
        return self._folder / f"{_USER}{quote(user, safe='')}"

    def _live(self, user: str, recording_id: str) -> Path:
        return self._of(user) / f"{recording_id}.live"

    def _kept(self, user: str, recording_id: str) -> Path:
        return self._of(user) / f"{recording_id}.cast"


def _age(file: Path) -> tuple[float, str]:
    return file.stat().st_mtime, file.name
