"""Reads what the system says of a job's process tree: who began it, with which title, and HTCondor's description.

The job's user owns the folder where the description lies. So it is opened from the starter's own working folder,
follows no link, waits for no file system that the user mounted, and is bounded; whether it was changed after the job
began is judged by `joblens.collector.identity.identities`.
"""

from __future__ import annotations

import os
import pwd
import stat
from contextlib import suppress
from functools import lru_cache
from sys import intern

from joblens.collector.probes.probe import Evidence
from joblens.gpu.join import VARIABLES as VARIABLES_OF_CARDS

MAX_BYTES = 256 * 1024
MAX_VALUE = 2048
"""Characters of a variable that are kept: 40 uuids of cards."""
JOB_AD = ".job.ad"
TELLING = frozenset(
    [
        *("SLURM_JOB_ID", "SLURM_STEP_ID", "SLURM_JOB_NAME", "SLURM_JOB_SLUID"),
        *("SLURM_ARRAY_JOB_ID", "SLURM_ARRAY_TASK_ID"),
        *("SLURM_CPUS_ON_NODE", "SLURM_MEM_PER_NODE", "SLURM_MEM_PER_CPU"),
        *("INK_JOB_NAME", "INK_JOB_CPUS", "INK_JOB_MEMORY_MB"),
        *VARIABLES_OF_CARDS,
    ]
)
_WANTS_JOB_AD = "condor_starter"


def gather(starter_pid: int, uid: int) -> Evidence:
    """Of a tree that `starter_pid` began for `uid`. What is gone already is empty."""
    starter = read_text(f"/proc/{starter_pid}/comm").strip()
    job_ad, changed = _job_ad(starter_pid) if starter == _WANTS_JOB_AD else ("", 0.0)
    return Evidence(
        starter_pid=starter_pid,
        starter=starter,
        starter_title=read_text(f"/proc/{starter_pid}/cmdline").replace("\0", " ").strip(),
        starter_uids=_uids(starter_pid),
        account=_account(uid, starter_pid),
        job_ad=job_ad,
        job_ad_changed=changed,
    )


def environment(pid: int) -> dict[str, str]:
    """What the environment block of a process tells of its job; empty where it cannot be read."""
    return telling(read_text(f"/proc/{pid}/environ"))


def telling(block: str) -> dict[str, str]:
    """The variables of a block that tell of a job. All others, which may be secrets of its user, are not kept."""
    pairs = (entry.partition("=") for entry in block.split("\0"))
    return {intern(name): value[:MAX_VALUE] for name, mark, value in pairs if mark and name in TELLING}


def control_group(pid: int) -> str:
    """The lines of `/proc/PID/cgroup`, as they stand."""
    return read_text(f"/proc/{pid}/cgroup").strip()


def read_text(path: str) -> str:
    """At most `MAX_BYTES`; bytes that are not UTF-8 are surrogate-escaped; empty where it cannot be read."""
    try:
        place = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # waits for no lease of the file's owner
    except OSError:
        return ""
    try:
        return _up_to_bound(place)
    except OSError:
        return ""
    finally:
        os.close(place)


def _up_to_bound(descriptor: int) -> str:
    parts: list[bytes] = []
    left = MAX_BYTES
    while left and (part := os.read(descriptor, min(left, 65536))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts).decode("utf-8", "surrogateescape")


def _uids(pid: int) -> tuple[int, ...]:
    for line in read_text(f"/proc/{pid}/status").splitlines():
        if line.startswith("Uid:"):
            return tuple(int(word) for word in line.split()[1:4])
    return ()


def _job_ad(starter_pid: int) -> tuple[str, float]:
    with suppress(OSError):
        folder = os.open(f"/proc/{starter_pid}/cwd", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            return _file_of_same_mount(folder, JOB_AD)
        finally:
            os.close(folder)
    return "", 0.0


def _file_of_same_mount(folder: int, name: str) -> tuple[str, float]:
    """Text and time of last change. A path descriptor asks nothing of a mounted file system, which may never answer."""
    place = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    try:
        if _mount(place) != _mount(folder):
            return "", 0.0
        seen = os.fstat(place)
        if not stat.S_ISREG(seen.st_mode) or seen.st_nlink != 1:
            return "", 0.0
        text = read_text(f"/proc/self/fd/{place}")
        return text, os.fstat(place).st_ctime
    finally:
        os.close(place)


def _mount(descriptor: int) -> str:
    lines = read_text(f"/proc/self/fdinfo/{descriptor}").splitlines()
    return next((line for line in lines if line.startswith("mnt_id:")), "")


@lru_cache(maxsize=4096)
def _name_on_host(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return ""


def _account(uid: int, starter_pid: int) -> str:
    return _name_on_host(uid) or _name_in_node(uid, starter_pid)


def _name_in_node(uid: int, starter_pid: int) -> str:
    """For a node that is a container, with accounts of its own."""
    for line in read_text(f"/proc/{starter_pid}/root/etc/passwd").splitlines():
        fields = line.split(":")
        if len(fields) > 2 and fields[2] == str(uid):
            return fields[0]
    return ""
