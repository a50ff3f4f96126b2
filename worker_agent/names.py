"""File names as text on the wire, without loss: a name is bytes, and the wire carries Unicode.

A name that is UTF-8 is its own text. A byte that belongs to no UTF-8 character travels as the private-use character
U+EF80 … U+EFFF that ends in it (the mapping of MirBSD's OPTU-8), and a character of that range as its three bytes. So
every name has one text, and every text leads to one name.

Limits: what a name looks like is the reader's affair; a reader shows such a character as the byte that it is.
"""

from __future__ import annotations

import os

_FIRST_LONE, _FIRST_PRIVATE, _COUNT = 0xDC80, 0xEF80, 0x80  # surrogateescape of PEP 383; OPTU-8


def _as_bytes(character: int) -> str:
    return "".join(chr(0xEF00 + byte) for byte in chr(character).encode())


_PRIVATE = {_FIRST_LONE + n: chr(_FIRST_PRIVATE + n) for n in range(_COUNT)} | {
    _FIRST_PRIVATE + n: _as_bytes(_FIRST_PRIVATE + n) for n in range(_COUNT)
}
_LONE = {_FIRST_PRIVATE + n: chr(_FIRST_LONE + n) for n in range(_COUNT)}


def to_wire(path: str) -> str:
    """The text of a path that the operating system gave."""
    if path.isascii():
        return path
    return os.fsencode(path).decode("utf-8", "surrogateescape").translate(_PRIVATE)


def from_wire(text: str) -> str:
    """The path, as the operating system takes it, that a text from the wire stands for."""
    return os.fsdecode(text.translate(_LONE).encode("utf-8", "surrogateescape"))
