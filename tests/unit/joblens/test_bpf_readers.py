"""What the readers of the BPF programs make of the kernel's bytes."""

from __future__ import annotations

import socket
import struct

import pytest

from joblens.bpf.files import MAX_PATH, clipped
from joblens.bpf.lifecycle import joined
from joblens.bpf.net import peer_name

IPV4, IPV6, TCP, UDP = 2, 10, 6, 17


def key(address: bytes, port: int, protocol: int, family: int) -> bytes:
    return struct.pack("=Q16s4H", 4096, address, socket.htons(port), protocol, family, 0)


@pytest.mark.requirement("LENS-FILES-05")
@pytest.mark.parametrize(
    ("address", "port", "protocol", "family", "path"),
    [
        (socket.inet_aton("192.0.2.7"), 1094, TCP, IPV4, "root://192.0.2.7:1094"),
        (socket.inet_aton("192.0.2.7"), 443, TCP, IPV4, "https://192.0.2.7:443"),
        (socket.inet_aton("192.0.2.7"), 80, TCP, IPV4, "http://192.0.2.7:80"),
        (socket.inet_aton("192.0.2.7"), 5000, TCP, IPV4, "tcp://192.0.2.7:5000"),
        (socket.inet_aton("192.0.2.7"), 443, UDP, IPV4, "udp://192.0.2.7:443"),
        (socket.inet_pton(socket.AF_INET6, "2001:db8::7"), 1095, TCP, IPV6, "root://[2001:db8::7]:1095"),
        (socket.inet_pton(socket.AF_INET6, "::ffff:192.0.2.7"), 1094, TCP, IPV6, "root://192.0.2.7:1094"),
        (bytes(16), 7, 132, IPV4, "ip132://0.0.0.0:7"),
    ],
)
def test_a_peer_is_an_address_with_the_scheme_that_its_port_tells(
    address: bytes, port: int, protocol: int, family: int, path: str
) -> None:
    name = peer_name(key(address, port, protocol, family))
    assert (name.path, name.mount, name.traffic) == (path, "", "network")


@pytest.mark.parametrize(
    ("names", "path"),
    [(b"", "/"), (b"file\0", "/file"), (b"c\0b b\0a\0", "/a/b b/c"), (b"\xff\n\0", "/\udcff\n")],
)
def test_a_path_is_joined_from_its_names_the_last_one_first(names: bytes, path: str) -> None:
    assert joined(names) == path


def test_of_a_path_that_is_long_its_end_is_kept() -> None:
    assert clipped("/" + "d" * (MAX_PATH - 1)) == "/" + "d" * (MAX_PATH - 1)
    long = clipped("/" + "d/" * 2000 + "out.root")
    assert (len(long), long[:1], long[-10:]) == (MAX_PATH, "…", "d/out.root")
