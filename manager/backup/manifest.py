"""What an archive says of itself: its parts with their sums, and the state that they are of; signed by the manager.

`manifest.json` is the archive's first member, `manifest.sig` its second: hex, Ed25519 over `SIGNED_AS` and it.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from audit.checkpoint import origin_named, verifier_key
from ink_core.errors import InkError
from ink_core.signing import SigningKey, key_id, signed_by

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
SIGNED_AS = b"INK backup manifest, format 1\n"
LEDGER, DATABASE, TRACES, KEYS = "ledger.db", "ink.db", "joblens.db", "keys.p7m"
MOST_BYTES = 64 * 1024 * 1024


class BackupUnusable(InkError):
    """An archive is none, was changed, or does not fit what it is to be restored to."""

    code = "backup_unusable"


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _below(name: str) -> str:
    if not name or "\0" in name or {"", ".", ".."} & set(name.split("/")):
        raise ValueError("a name below the data directory is wanted")
    return name


class Part(_Value):
    """`name` is a path below the data directory, but for the keys."""

    name: Annotated[str, AfterValidator(_below)]
    size: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class Manifest(_Value):
    """`schema` is the revision of the database, `events` the number of the ledger's.

    `checkpoint` is the line of its last checkpoint, `key` the public key that checkpoints are verified by, and
    `public_key` (hex) the same as this manifest is signed with.
    """

    format: Literal[1] = 1
    made_at: datetime
    release: str
    schema_revision: Annotated[str, Field(alias="schema")]
    events: int
    checkpoint: str | None
    key: str
    public_key: str = Field(pattern="^[0-9a-f]{64}$")
    parts: tuple[Part, ...]

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @property
    def has_keys(self) -> bool:
        return any(part.name == KEYS for part in self.parts)


def part_of(file: Path, name: str) -> Part:
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return Part(name=name, size=file.stat().st_size, sha256=digest)


def signed(manifest: Manifest, key: SigningKey) -> tuple[bytes, bytes]:
    """The two members as bytes."""
    text = manifest.model_dump_json(indent=1, by_alias=True).encode()
    return text, key.sign(SIGNED_AS + text).hex().encode()


def read_manifest(text: bytes, signature: bytes) -> Manifest:
    """Raises `BackupUnusable` for what its own key has not signed."""
    try:
        manifest = Manifest.model_validate_json(text)
        public = bytes.fromhex(manifest.public_key)
        sound = signed_by(public, SIGNED_AS + text, bytes.fromhex(signature.decode()))
    except ValueError:
        raise BackupUnusable("the archive's manifest cannot be read: it is no backup, or of another release") from None
    if not sound or manifest.key != verifier_key(origin_named(key_id(public)), public):
        raise BackupUnusable("the archive's manifest was changed: its signature does not fit")
    return manifest
