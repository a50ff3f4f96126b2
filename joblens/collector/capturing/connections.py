"""The network connections of a captured job, from `/proc/PID/net`: which there are and in which state.

Limits: bytes and round-trip times are told for TCP, and for the network that the collector itself is in;
else they are 0. A job's traffic in all is counted by the probe.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice

from joblens.collector.capturing.tcp_figures import TcpFigures, tcp_figures
from joblens.records import ConnectionSample, JobKey

MOST = 1000
MOST_DESCRIPTORS = 20_000
"""That are looked at: a job may have millions open, and the time is that of all jobs."""
MOST_LINES = 50_000
"""Of the sockets of a network, those of other jobs included."""
_PROTOCOLS = ("tcp", "tcp6", "udp", "udp6")
_STATES = (
    "", "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE", "CLOSE_WAIT",
    "LAST_ACK", "LISTEN", "CLOSING", "NEW_SYN_RECV",
)  # fmt: skip
Address = tuple[str, int]


def connection_samples(key: JobKey, pids: Iterable[int], time: float) -> list[ConnectionSample]:
    """Each connection once, under the first process that holds it."""
    samples: list[ConnectionSample] = []
    owners: dict[str, int] = {}
    tables: dict[str, int] = {}
    for inode, pid in islice(_descriptors(pids), MOST_DESCRIPTORS):
        if inode:
            owners.setdefault(inode, pid)
    for pid in dict.fromkeys(owners.values()):
        with suppress(OSError):
            tables.setdefault(os.readlink(f"/proc/{pid}/ns/net"), pid)
    for network, pid in tables.items():
        samples += _of_network(key, pid, owners, _figures_of(network), time)
    return samples[:MOST]


def _figures_of(network: str) -> dict[str, TcpFigures]:
    with suppress(OSError):
        if network == os.readlink("/proc/self/ns/net"):
            return tcp_figures()
    return {}


def _descriptors(pids: Iterable[int]) -> Iterator[tuple[str, int]]:
    """Each one's socket, or nothing for what is none, and its process."""
    for pid in pids:
        with suppress(OSError), os.scandir(f"/proc/{pid}/fd") as entries:
            for entry in entries:
                yield _socket(entry.path), pid


def _socket(path: str) -> str:
    with suppress(OSError):
        target = os.readlink(path)
        return target[8:-1] if target.startswith("socket:[") else ""
    return ""


def _of_network(
    key: JobKey, pid: int, owners: dict[str, int], figures: dict[str, TcpFigures], time: float
) -> Iterator[ConnectionSample]:
    for proto in _PROTOCOLS:
        for line in _lines(f"/proc/{pid}/net/{proto}"):
            words = line.split()
            if len(words) > 9 and (owner := owners.get(words[9])):
                local, peer = _address(words[1]), _address(words[2])
                state = _STATES[int(words[3], 16)] if proto.startswith("tcp") else ""
                counted = figures.get(words[9], TcpFigures(0, 0, 0, int(words[6], 16)))
                yield ConnectionSample(key, time, owner, proto, state, *local, *peer, *counted)


def _lines(path: str) -> Iterator[str]:
    """Without the first, which names the columns."""
    with suppress(OSError), open(path, encoding="ascii", errors="replace") as file:
        yield from islice(file, 1, 1 + MOST_LINES)


def _address(text: str) -> Address:
    """Hexadecimal, in words of the host's byte order (proc(5))."""
    host, _, port = text.partition(":")
    words = bytes.fromhex(host)
    packed = struct.pack(f"={len(words) // 4}I", *struct.unpack(f">{len(words) // 4}I", words))
    return socket.inet_ntop(socket.AF_INET6 if len(packed) == 16 else socket.AF_INET, packed), int(port, 16)
