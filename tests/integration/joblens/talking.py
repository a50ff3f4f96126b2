"""A job that talks over loopback and counts it itself: `talking.py FOLDER WAY…`, the counts as JSON: by scheme, then by
the port of the peer, bytes received and sent."""

import ctypes
import json
import os
import socket
import sys
import threading
from collections import defaultdict

FOLDER = sys.argv[1]
ports: dict[socket.socket, int] = {}  # of the peer, also when the connection is over
peers: dict[str, dict[int, list[int]]] = {"tcp": defaultdict(lambda: [0, 0]), "udp": defaultdict(lambda: [0, 0])}


def did(one: socket.socket, received: int = 0, sent: int = 0) -> None:
    scheme = "tcp" if one.type == socket.SOCK_STREAM else "udp"
    row = peers[scheme][ports[one]]
    row[0] += received
    row[1] += sent


def knowing_their_peers(one: socket.socket, other: socket.socket) -> tuple[socket.socket, socket.socket]:
    for each in (one, other):
        ports[each] = each.getpeername()[1]
    return one, other


def connected() -> tuple[socket.socket, socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(server.getsockname())
        return knowing_their_peers(client, server.accept()[0])


def read(one: socket.socket, size: int) -> None:
    while size:
        got = len(one.recv(size))
        did(one, received=got)
        size -= got


def tcp_in_all_ways() -> None:
    """Both ends are the job's: what is accepted is of who listened."""
    client, accepted = connected()
    did(client, sent=client.send(b"a" * 1000))
    did(client, sent=client.sendmsg([b"b" * 10, b"c" * 300]))
    did(client, sent=os.write(client.fileno(), b"d" * 70))
    accepted.recv(50, socket.MSG_PEEK)
    read(accepted, 1300)
    did(accepted, received=len(os.read(accepted.fileno(), 100)))
    with open(__file__, "rb") as file:
        did(accepted, sent=os.sendfile(accepted.fileno(), file.fileno(), 0, 2000))
    outlet, inlet = os.pipe()
    did(client, received=os.splice(client.fileno(), inlet, 2000))
    did(client, sent=os.splice(outlet, client.fileno(), 2000))
    read(accepted, 2000)
    client.close()
    assert accepted.recv(1) == b""  # the end of the stream is no byte of it
    accepted.close()


def tcp_that_ends_in_all_ways() -> None:
    client, accepted = connected()  # what nobody reads is not received
    client.sendall(b"x" * 500)
    did(client, sent=500)
    read(accepted, 100)
    accepted.close()
    client.close()
    client, accepted = connected()  # read after both have said that they send no more
    client.sendall(b"y" * 4000)
    did(client, sent=4000)
    client.shutdown(socket.SHUT_WR)
    accepted.sendall(b"z" * 700)
    did(accepted, sent=700)
    accepted.shutdown(socket.SHUT_WR)
    read(accepted, 4000)
    read(client, 700)
    assert client.recv(1) == accepted.recv(1) == b""
    left, other = connected()  # both left to the kernel at the end of the process
    left.sendall(b"v" * 12_345)
    did(left, sent=12_345)
    read(other, 2345)
    open_at_the_end.extend((client, accepted, left, other))


def tcp_of_a_child_and_of_many() -> None:
    client, accepted = connected()
    sizes = [1, 65_536, 3_000_000]
    if not os.fork():
        for size in sizes:
            client.sendall(b"w" * size)
        os._exit(0)
    for size in sizes:
        did(client, sent=size)
        read(accepted, size)
    os.wait()
    for _ in range(50):
        client, accepted = connected()
        client.sendall(b"short")
        did(client, sent=5)
        read(accepted, 5)
        client.close()
        accepted.close()


def udp() -> tuple[socket.socket, socket.socket]:
    one, other = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
    for each in (one, other):
        each.bind(("127.0.0.1", 0))
    one.connect(other.getsockname())
    other.connect(one.getsockname())
    return knowing_their_peers(one, other)


def udp_in_all_ways() -> None:
    one, other = udp()
    for size in (1, 64, 1400):
        did(one, sent=one.send(b"a" * size))
        other.recv(2000, socket.MSG_PEEK)
        did(other, received=len(other.recv(2000)))
        did(other, sent=other.sendmsg([b"b" * size, b"c"]))
        one.recvmsg(2000, 0, socket.MSG_PEEK)
        did(one, received=len(one.recvmsg(2000)[0]))
        did(one, sent=os.write(one.fileno(), b"d" * size))
        did(other, received=len(os.read(other.fileno(), 2000)))


class Piece(ctypes.Structure):
    _fields_ = [("base", ctypes.c_char_p), ("length", ctypes.c_size_t)]


class Header(ctypes.Structure):
    """`struct msghdr`."""

    _fields_ = [
        *(("name", ctypes.c_void_p), ("name_length", ctypes.c_uint32)),
        *(("pieces", ctypes.POINTER(Piece)), ("count", ctypes.c_size_t)),
        *(("control", ctypes.c_void_p), ("control_length", ctypes.c_size_t), ("flags", ctypes.c_int)),
    ]


class Message(ctypes.Structure):
    """`struct mmsghdr`."""

    _fields_ = [("header", Header), ("moved", ctypes.c_uint32)]


def udp_many_at_once() -> None:
    one, other = udp()
    pieces = [Piece(b"m" * size, size) for size in (5, 50, 500)]
    messages = (Message * len(pieces))(*(Message(Header(pieces=ctypes.pointer(each), count=1)) for each in pieces))
    libc = ctypes.CDLL(None, use_errno=True)
    for call, at in ((libc.sendmmsg, one), (libc.recvmmsg, other)):
        assert call(at.fileno(), messages, len(pieces), 0, None) == len(pieces), ctypes.get_errno()
    did(one, sent=555)
    did(other, received=555)


def udp_in_threads() -> None:
    def work() -> None:
        one, other = udp()
        for turn in range(200):
            did(one, sent=one.send(b"t" * turn))
            did(other, received=len(other.recv(2000)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


open_at_the_end: list[socket.socket] = []
for name in sys.argv[2:]:
    globals()[name]()
with open(os.path.join(FOLDER, "counts.json"), "w") as counts:
    json.dump(peers, counts)
