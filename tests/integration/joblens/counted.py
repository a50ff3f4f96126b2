"""A job that moves data by every call there is and counts it itself: `counted.py FOLDER HOST PORT`, the counts as JSON.

`files` has for each path: bytes read, reads, bytes written, writes. `peer` has bytes received and sent.
"""

import json
import os
import socket
import sys
import threading
from collections import defaultdict

FOLDER, HOST, PORT = sys.argv[1], sys.argv[2], int(sys.argv[3])
files: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
SIZE = 10_007


def path(name: str) -> str:
    return os.path.join(FOLDER, name)


def did(name: str, read: int = 0, written: int = 0) -> None:
    row = files[path(name)]
    row[0] += read
    row[1] += bool(read)
    row[2] += written
    row[3] += bool(written)


def write_in_all_ways() -> None:
    fd = os.open(path("written"), os.O_CREAT | os.O_RDWR)
    did("written", written=os.write(fd, b"a" * SIZE))
    did("written", written=os.writev(fd, [b"b" * 11, b"c" * 4000]))
    did("written", written=os.pwrite(fd, b"d" * 5, 70_000))
    did("written", written=os.pwritev(fd, [b"e" * 17, b"f" * 1], 80_000))
    did("written", written=os.pwritev(fd, [b"g" * 23], 90_000, os.RWF_DSYNC))
    os.close(fd)


def read_in_all_ways() -> None:
    fd = os.open(path("written"), os.O_RDONLY)
    room = [bytearray(100), bytearray(999)]
    did("written", read=len(os.read(fd, 7000)))
    did("written", read=os.readv(fd, room))
    did("written", read=len(os.pread(fd, 3, 500)))
    did("written", read=os.preadv(fd, room, 600))
    did("written", read=os.preadv(fd, room[:1], 700, os.RWF_HIPRI))
    os.read(fd, 0)  # moves nothing, counts for nothing
    os.close(fd)


def copy_in_all_ways() -> None:
    source, target = os.open(path("written"), os.O_RDONLY), os.open(path("copied"), os.O_CREAT | os.O_WRONLY)
    moved = os.sendfile(target, source, 0, 4096)
    did("written", read=moved)
    did("copied", written=moved)
    moved = os.copy_file_range(source, target, 3000)
    did("written", read=moved)
    did("copied", written=moved)
    outlet, inlet = os.pipe()
    moved = os.splice(source, inlet, 2000)
    did("written", read=moved)
    did("copied", written=os.splice(outlet, target, moved))
    for fd in (source, target, outlet, inlet):
        os.close(fd)


def use_a_descriptor_again() -> None:
    for name in ("first", "second"):
        fd = os.open(path(name), os.O_CREAT | os.O_WRONLY)
        did(name, written=os.write(fd, name.encode() * 100))
        os.close(fd)


def have_hostile_names() -> None:
    for name in ("new\nline", "quo\"te's", "sp ace\t", "\udcff\udcfe", "x" * 255, "\\back", "…", "{}%s"):
        fd = os.open(path(name), os.O_CREAT | os.O_WRONLY)
        did(name, written=os.write(fd, b"x" * 31))
        os.close(fd)


def replace_a_file() -> None:
    for size in (1000, 2000):
        fd = os.open(path("new"), os.O_CREAT | os.O_WRONLY)
        did("new", written=os.write(fd, b"x" * size))
        os.close(fd)
        os.unlink(path("new"))


def write_in_threads() -> None:
    def work() -> None:
        for _ in range(200):
            os.write(fd, b"y" * 64)

    fd = os.open(path("threads"), os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    files[path("threads")] = [0, 0, 4 * 200 * 64, 800]
    os.close(fd)


def write_in_a_daemon() -> None:
    """Its parent is gone before it writes."""
    outlet, inlet = os.pipe()
    if not os.fork():
        if os.fork():
            os._exit(0)
        fd = os.open(path("daemon"), os.O_CREAT | os.O_WRONLY)
        os.write(fd, b"z" * 4321)
        os.write(inlet, b"!")
        os._exit(0)
    os.wait()
    os.read(outlet, 1)
    did("daemon", written=4321)


def talk() -> list[int]:
    """To an echo of everything."""
    received = sent = 0
    with socket.create_connection((HOST, PORT)) as connection:
        for size in (1, 1000, 70_000):
            connection.sendall(b"s" * size)
            sent += size
            while received < sent:
                received += len(connection.recv(65536))
        sent += os.write(connection.fileno(), b"w" * 500)
        while received < sent:
            received += len(os.read(connection.fileno(), 65536))
    return [received, sent]


for step in (write_in_all_ways, read_in_all_ways, copy_in_all_ways, use_a_descriptor_again, have_hostile_names):
    step()
for step in (replace_a_file, write_in_threads, write_in_a_daemon):
    step()
peer = talk()
enough = max(0.3, 5 * sum(os.times()[:2]))  # of CPU time, beside which that of the daemon is little on any machine
while sum(os.times()[:2]) < enough:
    pass
with open(path("counts.json"), "w") as counts:
    json.dump({"files": files, "peer": peer}, counts)
