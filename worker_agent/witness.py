"""Countersigns checkpoints of the manager's log with a key that exists in this process only.

A witness signs what grew from what it signed before and nothing else. Formats: C2SP signed-note, tlog-checkpoint and
tlog-cosignature; proofs as in RFC 9162 section 2.1.4.2. Key and signed checkpoints stand in the agent's log, which
belongs to its user: the manager cannot take them back.

Limits: the first checkpoint is believed; what was seen is forgotten when the process ends. `cryptography` is imported
at the first checkpoint only: few agents are asked, and it costs 7 MB of memory.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from worker_agent.faults import fault
from worker_agent.protocol import Call, WitnessCosign, WitnessCosigned

_log = logging.getLogger(__name__)

_COSIGNATURE = b"\x04"
_ANCHOR = "ink-checkpoint"


@dataclass(frozen=True)
class _Seen:
    origin: str = ""
    size: int = 0
    root: bytes = b""


class Witness:
    def __init__(self, worker_id: str, now: Callable[[], float] = time.time) -> None:
        self._name = f"ink-harness/worker/{worker_id}"
        self._now = now
        self._seen = _Seen()

    async def cosign(self, arguments: WitnessCosign, call: Call) -> WitnessCosigned:
        shown = _read(arguments.checkpoint)
        seen = self._seen
        if seen.size and shown.origin != seen.origin:
            raise fault("checkpoint_of_another_log", f"This worker witnesses {seen.origin}, not {shown.origin}.")
        if arguments.old_size != seen.size:
            return WitnessCosigned(known_size=seen.size, key=self._key_text)
        proof = [bytes.fromhex(text) for text in arguments.proof]
        if seen.size and not consistent(seen.size, seen.root, shown.size, shown.root, proof):
            _log.error("the manager's log was rewritten after checkpoint %d; nothing was signed", seen.size)
            raise fault("checkpoint_inconsistent", "This checkpoint does not continue the one that was signed before.")
        self._seen = shown
        _log.info("cosigned %s %s", _anchor(arguments.checkpoint), self._key_text)
        return WitnessCosigned(known_size=shown.size, key=self._key_text, line=self._sign(arguments.checkpoint))

    def _sign(self, note: str) -> str:
        seconds = int(self._now())
        message = f"cosignature/v1\ntime {seconds}\n{_body(note)}".encode()
        signature = self._key_id + seconds.to_bytes(8, "big") + self._key.sign(message)
        return f"— {self._name} {base64.b64encode(signature).decode()}"

    @cached_property
    def _key(self):
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.generate()

    @cached_property
    def _key_id(self) -> bytes:
        return hashlib.sha256(self._name.encode() + b"\n" + _COSIGNATURE + self._public).digest()[:4]

    @property
    def _public(self) -> bytes:
        return self._key.public_key().public_bytes_raw()

    @cached_property
    def _key_text(self) -> str:
        return f"{self._name}+{self._key_id.hex()}+{base64.b64encode(_COSIGNATURE + self._public).decode()}"


def consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree of `new` leaves begins with that of `old` leaves (RFC 9162, 2.1.4.2)."""
    if old == new:
        return not proof and old_root == new_root
    if not 0 < old < new or not proof:
        return False
    rest = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    low, high = old - 1, new - 1
    while low & 1:
        low, high = low >> 1, high >> 1
    first = second = rest[0]
    for value in rest[1:]:
        if high == 0:
            return False
        if low & 1 or low == high:
            first, second = _node(value, first), _node(value, second)
            while low and not low & 1:
                low, high = low >> 1, high >> 1
        else:
            second = _node(second, value)
        low, high = low >> 1, high >> 1
    return high == 0 and first == old_root and second == new_root


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _read(note: str) -> _Seen:
    try:
        origin, size, root = _body(note).split("\n")[:3]
        return _Seen(origin, int(size), base64.b64decode(root, validate=True))
    except ValueError:
        raise fault("bad_arguments", "This is no checkpoint.") from None


def _body(note: str) -> str:
    return note.partition("\n\n")[0] + "\n"


def _anchor(note: str) -> str:
    """The checkpoint and its signature in one line, as the ledger's verifier finds them in any text file."""
    origin, size, root = _body(note).split("\n")[:3]
    signature = note.partition("\n\n")[2].split("\n")[0].rpartition(" ")[2]
    return f"{_ANCHOR} {origin} {size} {root} {signature}"
