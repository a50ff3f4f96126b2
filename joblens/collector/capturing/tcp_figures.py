"""What the kernel counts of each TCP connection, asked over netlink; for the network that the collector itself is in.

Format: sock_diag(7); `struct inet_diag_req_v2`, `struct inet_diag_msg` and `struct tcp_info` of the kernel's headers.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from typing import NamedTuple

_SOCK_DIAG_BY_FAMILY, _SOCK_DIAG, _DUMP_REQUEST = 20, 4, 0x301
_DONE, _ERROR = 3, 2
_INFO = 2  # the attribute with `struct tcp_info`
_HEADER = struct.Struct("=IHHII")
_REQUEST = struct.Struct("=BBBxI48x")
_ATTRIBUTE = struct.Struct("=HH")
_MESSAGE_BYTES, _INODE_AT = 72, 68
_RTT_AT, _RETRANSMITS_AT, _ACKED_AT = 68, 100, 120
_RECEIVE_BYTES = 65536
_DEADLINE_S = 2.0


class TcpFigures(NamedTuple):
    """Bytes that the peer has acknowledged and those received, the smoothed round-trip time, segments sent again."""

    sent: int
    received: int
    rtt_us: int
    retransmits: int


def tcp_figures() -> dict[str, TcpFigures]:
    """Of all connections, by the inode of their socket. Raises `OSError` where the kernel does not tell."""
    found: dict[str, TcpFigures] = {}
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _SOCK_DIAG) as asked:
        asked.settimeout(_DEADLINE_S)
        for family in (socket.AF_INET, socket.AF_INET6):
            request = _REQUEST.pack(family, socket.IPPROTO_TCP, 1 << (_INFO - 1), 0xFFFFFFFF)
            asked.send(_HEADER.pack(_HEADER.size + len(request), _SOCK_DIAG_BY_FAMILY, _DUMP_REQUEST, 1, 0) + request)
            for message in _messages(asked):
                inode = struct.unpack_from("=I", message, _INODE_AT)[0]
                if inode and (info := _info(message)):
                    found[str(inode)] = info
    return found


def _messages(asked: socket.socket) -> Iterator[bytes]:
    while True:
        data = asked.recv(_RECEIVE_BYTES)
        while data:
            length, kind, *_ = _HEADER.unpack_from(data)
            if kind == _DONE:
                return
            if kind == _ERROR:
                raise OSError("the kernel refuses to tell of its connections")
            yield data[_HEADER.size : length]
            data = data[(length + 3) & ~3 :]


def _info(message: bytes) -> TcpFigures | None:
    rest = message[_MESSAGE_BYTES:]
    while len(rest) >= _ATTRIBUTE.size:
        length, kind = _ATTRIBUTE.unpack_from(rest)
        if kind == _INFO and length >= _ATTRIBUTE.size + _ACKED_AT + 16:
            return _figures(rest[_ATTRIBUTE.size : length])
        rest = rest[max((length + 3) & ~3, _ATTRIBUTE.size) :]
    return None


def _figures(info: bytes) -> TcpFigures:
    acked, received = struct.unpack_from("=QQ", info, _ACKED_AT)
    (rtt,), (again,) = struct.unpack_from("=I", info, _RTT_AT), struct.unpack_from("=I", info, _RETRANSMITS_AT)
    return TcpFigures(acked, received, rtt, again)
