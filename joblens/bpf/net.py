"""Reader of `net.bpf.c` and of the messages that calls and rings tell: the bytes of each tree to and from each peer, as
files of the network. Operations are packets: segments of TCP that had bytes, also those sent again, and messages."""

from __future__ import annotations

import socket
import struct
from collections.abc import Sequence

from joblens.bpf.libbpf import HashMap
from joblens.bpf.traffic import Book, Name
from joblens.bpf.usage import Tree
from joblens.collector.probes.probe import FileUsage, Usage
from joblens.records import Traffic

_OTHERS = ("", "", "", Traffic.NETWORK)
SCHEMES = {80: "http", 443: "https", 1094: "root", 1095: "root", 8443: "https"}  # by the peer's port
_KEY, _VALUE = struct.Struct("=Q16s4H"), struct.Struct("=4Q")
_PROTOCOLS = {6: "tcp", 17: "udp"}


class PeerReader:
    def __init__(self, entries: HashMap) -> None:
        self._book = Book(entries, _VALUE)
        self._beyond: dict[int, tuple[int, int]] = {}

    def read(self, trees: Sequence[Tree]) -> list[FileUsage]:
        """What changed since the last time."""
        told, shared = self._book.read(lambda _, key: peer_name(key))
        told += [line.told() for line in shared]
        for tree in trees:
            told += self._peers_beyond(tree.usage)
        return told

    def forget(self, handle: int) -> int:
        """How many entries it had."""
        self._beyond.pop(handle, None)
        return self._book.forget(handle)

    def _peers_beyond(self, usage: Usage) -> list[FileUsage]:
        handle = usage.handle
        received, sent = self._book.moved(handle)
        received, sent = max(0, usage.net_rx - received), max(0, usage.net_tx - sent)
        if (received, sent) == self._beyond.get(handle, (0, 0)):
            return []
        self._beyond[handle] = (received, sent)
        return [FileUsage(handle, *_OTHERS, received, 0, sent, 0)]


def peer_name(key: bytes) -> Name:
    """`root://192.0.2.7:1094`; what the port does not tell is `tcp://` or `udp://`."""
    _, address, port, protocol, family, _ = _KEY.unpack(key)
    port = socket.ntohs(port)
    host = socket.inet_ntop(socket.AF_INET, address[:4]) if family == socket.AF_INET else _ipv6(address)
    scheme = _PROTOCOLS.get(protocol, f"ip{protocol}")
    if scheme == "tcp":
        scheme = SCHEMES.get(port, scheme)
    return Name(f"{scheme}://{host}:{port}", "", scheme, Traffic.NETWORK)


def _ipv6(address: bytes) -> str:
    if address.startswith(b"\0" * 10 + b"\xff\xff"):  # IPv4 over a socket of both
        return socket.inet_ntop(socket.AF_INET, address[12:])
    return f"[{socket.inet_ntop(socket.AF_INET6, address)}]"
