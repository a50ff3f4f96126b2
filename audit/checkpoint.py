"""Checkpoints of the log as signed notes, and cosignatures on them.

Formats: C2SP signed-note, tlog-checkpoint and tlog-cosignature (Ed25519). `anchor_line` puts a checkpoint with its
signature into one line without blanks inside its parts, for places that take no more: a job ad, a log, a receipt.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass

from ink_core.signing import SIGNATURE_BYTES, SigningKey, signed_by

ORIGIN = "ink-harness/ledger"
WITNESS = "ink-harness/worker"
"""What a worker's name as a witness begins with; its id follows."""

SIGNATURE, COSIGNATURE = 0x01, 0x04
"""Types of signatures, as assigned in signed-note."""

ANCHOR = "ink-checkpoint"
_WORKER = re.compile(r"[\w.-]{1,100}", re.ASCII)


@dataclass(frozen=True)
class Checkpoint:
    """What the log held at one moment. `note` is the whole signed note."""

    origin: str
    size: int
    root: bytes
    note: str

    @property
    def body(self) -> str:
        return self.note.partition("\n\n")[0] + "\n"

    @property
    def anchor_line(self) -> str:
        signature = self.note.rstrip("\n").partition("\n\n")[2].split("\n")[0].rpartition(" ")[2]
        return f"{ANCHOR} {self.origin} {self.size} {_base64(self.root)} {signature}"


@dataclass(frozen=True)
class Cosignature:
    """A signature line of a witness, its public key (vkey), and who holds that key."""

    witness: str
    key: str
    line: str


def origin_of(key: SigningKey) -> str:
    """The log's name: one per signing key, so that no two logs share one."""
    return origin_named(key.key_id)


def origin_named(key_id: str) -> str:
    return f"{ORIGIN}/{key_id}"


def verifier_key(name: str, public: bytes, kind: int = SIGNATURE) -> str:
    """The public key as signed-note writes it: `NAME+KEYID+BASE64`."""
    return f"{name}+{_key_id(name, public, kind).hex()}+{_base64(bytes([kind]) + public)}"


def sign_checkpoint(key: SigningKey, size: int, root: bytes) -> Checkpoint:
    origin = origin_of(key)
    body = f"{origin}\n{size}\n{_base64(root)}\n"
    signature = _key_id(origin, key.public, SIGNATURE) + key.sign(body.encode())
    return Checkpoint(origin, size, root, f"{body}\n— {origin} {_base64(signature)}\n")


def read_checkpoint(note: str) -> Checkpoint:
    """Without judging signatures. Raises `ValueError`."""
    body, blank, _ = note.partition("\n\n")
    origin, size, root = body.split("\n")[:3]
    if not blank or not origin or str(int(size)) != size or int(size) < 0:
        raise ValueError("this is no checkpoint")
    return Checkpoint(origin, int(size), base64.b64decode(root, validate=True), note)


def cosigned(checkpoint: Checkpoint, cosignature: Cosignature) -> bool:
    """Whether this witness signed this very checkpoint, under its own name and in exactly the form of the format.

    What is stored is verified for good, by others too: a line that reads otherwise than it is written must not get in.
    """
    name = f"{WITNESS}/{cosignature.witness}"
    try:
        signature = base64.b64decode(cosignature.line.rpartition(" ")[2], validate=True)
        public = base64.b64decode(cosignature.key.split("+", 2)[2], validate=True)[1:]
    except (ValueError, IndexError):
        return False
    written = f"— {name} {_base64(signature)}", verifier_key(name, public, COSIGNATURE)
    if not _WORKER.fullmatch(cosignature.witness) or (cosignature.line, cosignature.key) != written:
        return False
    if len(signature) != 4 + 8 + SIGNATURE_BYTES:
        return False
    time = int.from_bytes(signature[4:12], "big")
    message = f"cosignature/v1\ntime {time}\n{checkpoint.body}".encode()
    return signature[:4] == _key_id(name, public, COSIGNATURE) and signed_by(public, message, signature[12:])


def _key_id(name: str, public: bytes, kind: int) -> bytes:
    return hashlib.sha256(f"{name}\n".encode() + bytes([kind]) + public).digest()[:4]


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
