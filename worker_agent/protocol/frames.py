"""Frames of one message. Text is JSON-RPC; a binary frame is such a text with raw bytes after it.

Binary: the length of the text in bytes as an unsigned 32-bit number, most significant byte first; the text in UTF-8;
the bytes. They belong to the one call or answer in the text, whose type is then a `Payload`.
"""

from __future__ import annotations

import struct

from pydantic import Field

from worker_agent.protocol.wire import Wire

Frame = str | bytes
_LENGTH = struct.Struct(">I")


class Payload(Wire):
    """Base of arguments and results that come with raw bytes: never part of the JSON."""

    payload: bytes = Field(default=b"", exclude=True, repr=False)


def packed(text: str, payload: bytes) -> Frame:
    """The frame of a message; a text frame where no bytes come with it."""
    if not payload:
        return text
    encoded = text.encode()
    return b"".join((_LENGTH.pack(len(encoded)), encoded, payload))


def unpacked(frame: Frame) -> tuple[str, bytes]:
    """Text and bytes of a frame. Raises ValueError for a binary frame that is none of ours."""
    if isinstance(frame, str):
        return frame, b""
    if len(frame) < _LENGTH.size:
        raise ValueError("the frame is too short")
    (length,) = _LENGTH.unpack_from(frame)
    end = _LENGTH.size + length
    if end > len(frame):
        raise ValueError("the frame is shorter than it says")
    return frame[_LENGTH.size : end].decode(), frame[end:]
