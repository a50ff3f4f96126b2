"""`witness.*`: the worker countersigns checkpoints of the manager's log, so that nobody rewrites its past unseen."""

from __future__ import annotations

from pydantic import Field

from worker_agent.protocol.wire import Wire

MAX_NOTE = 16_384
MAX_PROOF = 64
MAX_COSIGNATURE = 512


class WitnessCosign(Wire):
    """Arguments of `witness.cosign`: a signed checkpoint, and hashes (hex) that prove that it continues `old_size`."""

    checkpoint: str = Field(max_length=MAX_NOTE)
    old_size: int = Field(default=0, ge=0)
    proof: tuple[str, ...] = Field(default=(), max_length=MAX_PROOF)


class WitnessCosigned(Wire):
    """`line` is the cosignature and `key` the witness's public key (vkey).

    `line` is None where the proof does not begin at `known_size`, the size of the last checkpoint that was signed: ask
    again from there.
    """

    known_size: int
    key: str = Field(max_length=MAX_COSIGNATURE)
    line: str | None = Field(default=None, max_length=MAX_COSIGNATURE)
