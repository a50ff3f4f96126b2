"""What the readers of the BPF programs make of the kernel's bytes."""

from __future__ import annotations

import ctypes
import socket
import struct

import pytest

from joblens.bpf.files import MAX_PATH, clipped
from joblens.bpf.layout import Environment, Event, EventType, Executed
from joblens.bpf.lifecycle import Beginnings, joined
from joblens.bpf.net import peer_name
from joblens.collector.identity.identities import Identities, Site, Unnamed

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


GONE = 2**22 + 5
"""No process has such an id."""


@pytest.mark.requirement("LENS-LIFE-05")
@pytest.mark.parametrize("root_starts_alone", [True, False])
def test_a_job_whose_starter_is_gone_already_is_named_where_only_roots_count(root_starts_alone: bool) -> None:
    beginnings = Beginnings(root_starts_alone=root_starts_alone)
    block = b"SLURM_JOB_ID=177\0SLURM_STEP_ID=4294967291\0"
    executed = bytes(Executed(Event(EventType.EXECUTED, GONE, 4096), GONE, 1000, 10**9, 1, b"true", 0, 0))
    environment = bytes(Environment(Event(EventType.ENVIRONMENT, GONE, 4096), len(block), 1)) + block
    for kind, event in ((EventType.EXECUTED, executed), (EventType.ENVIRONMENT, environment)):
        room = ctypes.create_string_buffer(event, len(event))
        beginnings.take(kind, ctypes.addressof(room))
    (found,) = beginnings.take_found()
    identities = Identities("node1", Site())
    if root_starts_alone:
        assert identities.name(found).key == ("slurm", "177")
    else:
        with pytest.raises(Unnamed, match="was gone"):
            identities.name(found)
