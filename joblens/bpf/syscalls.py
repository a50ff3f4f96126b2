"""Which system calls move data of which descriptors, by the numbers of each architecture.

Numbers: the kernel's tables `syscall_64.tbl` (x86-64) and the generic one (arm64). Those of arm64 are untested.
"""

from __future__ import annotations

from joblens.bpf.layout import MAX_SYSCALLS, SyscallKind

NAMES = {
    **dict.fromkeys(("read", "readv", "pread64", "preadv", "preadv2"), SyscallKind.READS),
    **dict.fromkeys(("write", "writev", "pwrite64", "pwritev", "pwritev2"), SyscallKind.WRITES),
    "sendfile": SyscallKind.SENDS_FILE,
    **dict.fromkeys(("splice", "copy_file_range"), SyscallKind.COPIES),
    **dict.fromkeys(("sendto", "sendmsg"), SyscallKind.SENDS),
    "recvfrom": SyscallKind.RECEIVES,
    "recvmsg": SyscallKind.RECEIVES_ONE,
    "sendmmsg": SyscallKind.SENDS_MANY,
    "recvmmsg": SyscallKind.RECEIVES_MANY,
}

_X86_64 = {
    "read": 0,
    "write": 1,
    "pread64": 17,
    "pwrite64": 18,
    "readv": 19,
    "writev": 20,
    "sendfile": 40,
    "sendto": 44,
    "recvfrom": 45,
    "sendmsg": 46,
    "recvmsg": 47,
    "splice": 275,
    "preadv": 295,
    "pwritev": 296,
    "recvmmsg": 299,
    "sendmmsg": 307,
    "copy_file_range": 326,
    "preadv2": 327,
    "pwritev2": 328,
}
_ARM64 = {
    "read": 63,
    "write": 64,
    "readv": 65,
    "writev": 66,
    "pread64": 67,
    "pwrite64": 68,
    "preadv": 69,
    "pwritev": 70,
    "sendfile": 71,
    "splice": 76,
    "sendto": 206,
    "recvfrom": 207,
    "sendmsg": 211,
    "recvmsg": 212,
    "recvmmsg": 243,
    "sendmmsg": 269,
    "copy_file_range": 285,
    "preadv2": 286,
    "pwritev2": 287,
}
NUMBERS = {"x86_64": _X86_64, "aarch64": _ARM64}


def kinds(machine: str) -> bytes:
    """One `SyscallKind` for each number. Raises `KeyError` for an architecture that is not known."""
    table = bytearray(MAX_SYSCALLS)
    for name, number in NUMBERS[machine].items():
        table[number] = NAMES[name]
    return bytes(table)
