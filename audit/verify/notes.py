"""Signed checkpoints, cosignatures, and anchors found in text files.

Formats: C2SP signed-note, tlog-checkpoint and tlog-cosignature. Signatures need the package `cryptography`.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SIGNATURE, COSIGNATURE = 1, 4
MAX_LINE = 4096
_BASE64 = "[A-Za-z0-9+/]{2,}={0,2}"
_ANCHOR = re.compile(rf"ink-checkpoint (\S{{1,200}}) ([0-9]{{1,18}}) ({_BASE64}) ({_BASE64})")
_PLAIN = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True)
class Key:
    """A public key as signed-note writes it: `NAME+KEYID+BASE64`."""

    name: str
    kind: int
    public: bytes

    @classmethod
    def read(cls, vkey: str) -> Key:
        """Raises `ValueError`."""
        name, key_id, encoded = vkey.strip().split("+", 2)
        content = base64.b64decode(encoded, validate=True)
        key = cls(name, content[0] if content else 0, content[1:])
        if len(key.public) != 32 or key.key_id.hex() != key_id:
            raise ValueError(f"{vkey[:80]!r} is no public key of a signed note")
        return key

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def signed(self, body: str, signature: str) -> bool:
        """Whether this key made the signature (base64, with its key id) over the body of a checkpoint."""
        try:
            content = base64.b64decode(signature, validate=True)
        except ValueError:
            return False
        if content[:4] != self.key_id:
            return False
        if self.kind == SIGNATURE:
            return _verified(self.public, body, content[4:])
        time = int.from_bytes(content[4:12], "big")
        return _verified(self.public, f"cosignature/v1\ntime {time}\n{body}", content[12:])


@dataclass(frozen=True)
class Note:
    """A checkpoint with its first signature, and where it was found."""

    source: str
    origin: str
    size: int
    root: bytes
    signature: str

    @property
    def body(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def read_note(source: str, text: str) -> Note | None:
    """A checkpoint note; None where it is none."""
    body, _, signatures = text.partition("\n\n")
    lines = body.split("\n")
    if len(lines) != 3 or not _PLAIN.fullmatch(lines[1]):
        return None
    return _note(source, lines[0], lines[1], lines[2], signatures.split("\n")[0].rpartition(" ")[2])


def anchors_in(path: Path) -> Iterator[Note]:
    """Every checkpoint that a text file names: notes, and lines of the one-line form wherever they stand."""
    window: list[str] = []
    with path.open(encoding="utf-8", errors="replace") as file:
        while line := file.readline(MAX_LINE):
            for origin, size, root, signature in _ANCHOR.findall(line):
                if note := _note(str(path), origin, size, root, signature):
                    yield note
            window = [*window[-4:], line]
            if line.startswith("— ") and (note := read_note(str(path), "".join(window))):
                yield note


def can_verify() -> bool:
    try:
        import cryptography  # noqa: F401  # pyright: ignore[reportUnusedImport]
    except ImportError:
        return False
    return True


def _note(source: str, origin: str, size: str, root: str, signature: str) -> Note | None:
    try:
        return Note(source, origin, int(size), base64.b64decode(root, validate=True), signature)
    except ValueError:
        return None


def _verified(public: bytes, message: str, signature: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
