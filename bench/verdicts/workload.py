"""One synthetic job: `workload.py KIND SECONDS [NUMBER …]`. What it does is known, whatever machine it runs on.

Standard library only, and no import of ours: it runs on nodes that have Python alone. Files are made in the working
folder, which a batch system gives each job.
"""

from __future__ import annotations

import mmap
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable

MIB = 1024 * 1024
OUTPUT = "output.txt"
END = time.monotonic()


def running() -> bool:
    return time.monotonic() < END


def compute(seconds: float) -> None:
    """Keeps one core busy."""
    until, value = min(time.monotonic() + seconds, END), 1
    while time.monotonic() < until:
        for _ in range(10_000):
            value = (value * 1103515245 + 12345) % 2**31


def report() -> None:
    """Some output, as a healthy job writes now and then."""
    with open(OUTPUT, "a") as out:
        out.write("result " * 200 + "\n")


def busy(output_for: int = 100) -> None:
    """Computes; writes for the first `output_for` percent of its time."""
    began = time.monotonic()
    while running():
        compute(0.2)
        if time.monotonic() - began < (END - began) * output_for / 100:
            report()


def idle() -> None:
    while running():
        time.sleep(min(1.0, max(END - time.monotonic(), 0)))


def waits(percent: int) -> None:
    """Computes for `percent` of its time and sleeps in between."""
    while running():
        compute(0.1 * percent / 100)
        time.sleep(0.1 * (100 - percent) / 100)
    report()


def leaks(mib_per_second: int) -> None:
    kept: list[bytes] = []
    while running():
        kept.append(os.urandom(mib_per_second * MIB // 10))
        report()
        compute(0.1)


def holds(mib: int) -> None:
    """Fills its memory once and then computes."""
    held = bytearray(os.urandom(MIB)) * mib
    busy()
    assert held


def threads(number: int) -> None:
    """So many processes that compute."""
    children = [forked(busy) for _ in range(number)]
    for child in children:
        os.waitpid(child, 0)


def sleepers(number: int) -> None:
    children = [subprocess.Popen(["sleep", str(max(END - time.monotonic(), 0.1))]) for _ in range(number)]
    for child in children:
        child.wait()


def small_reads(size: int) -> None:
    with open("input.bin", "wb") as file:
        file.write(os.urandom(4 * MIB))
    source = os.open("input.bin", os.O_RDONLY)
    while running():
        for _ in range(1000):
            if len(os.read(source, size)) < size:
                os.lseek(source, 0, os.SEEK_SET)
    report()


def small_files(number: int, size: int) -> None:
    os.mkdir("pieces")
    for each in range(number):
        with open(f"pieces/{each}", "wb") as file:
            file.write(os.urandom(size))
    while running():
        for each in range(number):
            with open(f"pieces/{each}", "rb", buffering=0) as file:
                file.read()
    report()


def hot_file(mib: int) -> None:
    with open("calibration.db", "wb") as file:
        file.write(os.urandom(mib * MIB))
    while running():
        with open("calibration.db", "rb", buffering=0) as file:
            while file.read(MIB):
                pass
    report()


def storage(mib: int) -> None:
    """Writes and waits until it is on disk, again and again; the pieces are made beforehand."""
    piece = os.urandom(mib * MIB)
    target = os.open("events.bin", os.O_WRONLY | os.O_CREAT)
    while running():
        os.pwrite(target, piece, 0)
        os.fsync(target)
        time.sleep(0.2)


def network(kib_per_second: int) -> None:
    """Receives from a sender that gives so much and no more."""
    ours, theirs = socket.socket(), socket.socket()
    ours.bind(("127.0.0.1", 0))
    ours.listen(1)
    theirs.connect(ours.getsockname())
    receiver, _ = ours.accept()
    threading.Thread(target=drip, args=(receiver, kib_per_second), daemon=True).start()
    while running() and theirs.recv(MIB):
        pass
    report()


def drip(connection: socket.socket, kib_per_second: int) -> None:
    piece = bytes(kib_per_second * 1024 // 20)
    while running():
        connection.sendall(piece)
        time.sleep(0.05)
    connection.close()


def faults(mib: int) -> None:
    while running():
        with mmap.mmap(-1, mib * MIB) as memory:
            memory[:: mmap.PAGESIZE] = b"x" * (mib * MIB // mmap.PAGESIZE)
    report()


def forked(work: Callable[[], None]) -> int:
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    return child


KINDS: dict[str, Callable[..., None]] = {
    "busy": busy,
    "idle": idle,
    "waits": waits,
    "leaks": leaks,
    "holds": holds,
    "threads": threads,
    "sleepers": sleepers,
    "small_reads": small_reads,
    "small_files": small_files,
    "hot_file": hot_file,
    "storage": storage,
    "network": network,
    "faults": faults,
}

if __name__ == "__main__":
    END = time.monotonic() + float(sys.argv[2])
    KINDS[sys.argv[1]](*map(int, sys.argv[3:]))
