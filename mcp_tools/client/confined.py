"""Starts the program of a foreign MCP server so that it reaches nothing of the manager, whose user it runs as.

`python -I -m mcp_tools.client.confined HOME FOLDER… -- PROGRAM ARGUMENT…` becomes the program, which may write below
HOME, read below the system's folders and the given ones, and use the network. The kernel holds it (Landlock and
seccomp, both without any right of root): no other file, no memory or environment of another process, no Unix socket
(the spawner and a database may know their clients by their user), no capability, no signal to others where the kernel
can refuse that (Landlock 6). It ends with the manager.

Numbers and structures: linux/landlock.h, linux/seccomp.h, linux/prctl.h.
Limits: Linux on x86-64 and ARM with Landlock (5.13). Elsewhere nothing is started.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib64", "/proc", "/sys/fs/cgroup", "/run/systemd/resolve"),
    *("/etc/alternatives", "/etc/ca-certificates", "/etc/crypto-policies", "/etc/pki", "/etc/ssl", "/etc/ld.so.cache"),
    *("/etc/group", "/etc/passwd", "/etc/host.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/resolv.conf"),
    *("/etc/gai.conf", "/etc/localtime", "/etc/mime.types", "/etc/protocols", "/etc/services", "/etc/timezone"),
)
"""What most programs need; of /etc only what holds no secret of anybody."""
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
LIMITS = ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 1 << 30), (resource.RLIMIT_NOFILE, 1024))

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE, _IOCTL = 1 << 14, 1 << 15
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
_HANDLED = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
"""All rights to files that each version knows."""
_SCOPES = 0b11
"""Abstract sockets and signals, since version 6."""
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""What the kernel calls them, and the number of `socket`."""
_IO_URING_SETUP, _X32 = 425, 0x40000000
_AF_UNIX, _EPERM = 1, 1
_PDEATHSIG, _CAPBSET_DROP, _NO_NEW_PRIVS, _SECCOMP, _FILTER = 1, 24, 38, 22, 2

_libc = ctypes.CDLL(None, use_errno=True)


class NotConfined(Exception):
    """This kernel cannot hold the program, so it is not started."""


def landlock_version() -> int:
    """0 where there is none."""
    return max(0, _libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1))


def confine(home: Path, folders: Iterable[Path]) -> None:
    """Everything that this process becomes is held from here on. Raises `NotConfined`."""
    _prctl(_PDEATHSIG, signal.SIGKILL)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")
    for kind, most in LIMITS:
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))
    if os.geteuid() == 0:
        for capability in range(64):
            _libc.prctl(_CAPBSET_DROP, capability, 0, 0, 0)
    _prctl(_NO_NEW_PRIVS, 1)
    _hold_files(home, folders)
    _hold_sockets()


def _hold_files(home: Path, folders: Iterable[Path]) -> None:
    version = landlock_version()
    if not version:
        raise NotConfined("this kernel has no Landlock")
    handled = _HANDLED[max(known for known in _HANDLED if known <= version)]
    attributes = struct.pack("=QQQ", handled, 0, _SCOPES if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    rules = _checked(_libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(size), 0))
    for place in (*map(Path, SYSTEM), *folders):
        _allow(rules, place, _READ & handled)
    for device in map(Path, DEVICES):
        _allow(rules, device, (_READ_FILE | _WRITE_FILE) & handled)
    _allow(rules, home, handled & ~_IOCTL)
    _checked(_libc.syscall(_RESTRICT_SELF, rules, 0))
    os.close(rules)


def _allow(rules: int, place: Path, rights: int) -> None:
    """What is not there needs no rule."""
    try:
        found = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    rights = rights if place.is_dir() else rights & _OF_FILES
    _checked(_libc.syscall(_ADD_RULE, rules, 1, struct.pack("=Qi", rights, found), 0))
    os.close(found)


def _hold_sockets() -> None:
    machine = platform.machine()
    if machine not in _MACHINES:
        raise NotConfined(f"programs cannot be confined on {machine}")
    architecture, socket = _MACHINES[machine]
    refuse, allow, kill = 0x00050000 | _EPERM, 0x7FFF0000, 0x80000000
    load, equal, at_least, end = 0x20, 0x15, 0x35, 0x06
    program = (
        (load, 0, 0, 4),  # the architecture
        (equal, 1, 0, architecture),
        (end, 0, 0, kill),
        (load, 0, 0, 0),  # the number of the call
        (at_least, 4, 0, _X32),
        (equal, 3, 0, _IO_URING_SETUP),  # it makes sockets as well
        (equal, 0, 3, socket),
        (load, 0, 0, 16),  # the first argument: the family
        (equal, 0, 1, _AF_UNIX),
        (end, 0, 0, refuse),
        (end, 0, 0, allow),
    )
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
    held = ctypes.create_string_buffer(code, len(code))
    described = struct.pack("@HP", len(program), ctypes.addressof(held))
    _prctl(_SECCOMP, _FILTER, described)


def _prctl(option: int, value: int, pointer: bytes | None = None) -> None:
    _checked(_libc.prctl(option, ctypes.c_ulong(value), pointer, 0, 0))


def _checked(result: int) -> int:
    if result < 0:
        raise NotConfined(os.strerror(ctypes.get_errno()))
    return result


def main(arguments: list[str]) -> None:
    split = arguments.index("--")
    home, *folders = map(Path, arguments[:split])
    program = arguments[split + 1 :]
    try:
        confine(home, folders)
        os.execvp(program[0], program)  # noqa: S606 - that is what it is for: an argv of the site's settings
    except PermissionError as error:
        sys.exit(f"{program[0]} was not started: {error}. Name in `reads` its folder and that of what it links to")
    except (NotConfined, OSError) as error:
        sys.exit(f"{program[0]} was not started: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])
