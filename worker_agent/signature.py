"""Checks one Ed25519 signature (RFC 8032) in a process of its own, which this file is, fed with all on stdin.

It reads the key, the signature and the message. Once loaded, the library would cost the agent 8 MB for the rest of its
life, a fifth of all that it may hold; a process that ends gives them back. Limits: some 50 ms each, which only calls
that people approved have to wait.
"""

from __future__ import annotations

import asyncio
import sys

KEY_BYTES = 32
SIGNATURE_BYTES = 64
DEADLINE_S = 20.0
GOOD = 42
"""Exit code for a good signature: one that no crash, no signal and no empty run of an interpreter has."""


async def signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Raises OSError or TimeoutError when no process could say."""
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", __file__), stdin=asyncio.subprocess.PIPE, stdout=quiet, stderr=quiet
    )
    try:
        async with asyncio.timeout(DEADLINE_S):
            await process.communicate(key + signature + message)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode == GOOD


def _check(given: bytes) -> int:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    key, signature = given[:KEY_BYTES], given[KEY_BYTES : KEY_BYTES + SIGNATURE_BYTES]
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, given[KEY_BYTES + SIGNATURE_BYTES :])
    except (InvalidSignature, ValueError):
        return 1
    return GOOD


if __name__ == "__main__":
    sys.exit(_check(sys.stdin.buffer.read()))
