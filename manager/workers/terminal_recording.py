"""One recording of a terminal: whose, what of the stream it has, and what was left out. No I/O."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from pydantic import JsonValue

from audit.asciicast import Cast
from audit.ledger import Record

BEGUN, ENDED, REMOVED = "terminal.recording", "terminal.recorded", "terminal.removed"

Key = tuple[str, str]
"""Worker and terminal."""


def chain_of(user: str) -> str:
    return f"portal:{user}"


@dataclass
class Recording:
    """`early`: output that came before the backlog did; None once that is in. `ends`: why it ends right after that.

    `size` of the file and `lost`, which is not in it, in bytes. `resized` to columns and rows since the last output.
    """

    user: str
    key: Key
    cast: Cast
    recording_id: str = field(default_factory=lambda: f"r-{secrets.token_hex(8)}")
    early: list[tuple[int, bytes]] | None = None
    ends: str = ""
    next_offset: int = 0
    size: int = 0
    lost: int = 0
    resized: tuple[int, int] | None = None

    def begun(self) -> Record:
        return Record(BEGUN, self.named)

    @property
    def named(self) -> dict[str, JsonValue]:
        worker_id, terminal_id = self.key
        named: dict[str, JsonValue] = {"recording_id": self.recording_id, "user": self.user}
        return named | {"worker_id": worker_id, "terminal_id": terminal_id}

    def fresh(self, offset: int, data: bytes) -> bytes:
        """What of it was not seen yet; what is missing before it is counted as lost."""
        new = data[max(0, self.next_offset - offset) :]
        self.lost += max(0, offset - self.next_offset)
        self.next_offset = max(self.next_offset, offset + len(data))
        return new
