"""Classes of how a job reads and writes."""

from __future__ import annotations

from joblens.verdicts import submit_lines
from joblens.verdicts.cpu import starved
from joblens.verdicts.figures import Figures, FileFigures
from joblens.verdicts.limits import Limits
from joblens.verdicts.units import percent, size
from joblens.verdicts.verdict import Cause, Finding


def network_bound(job: Figures, limits: Limits) -> Finding | None:
    rate = job.rate(job.net_bytes)
    if not _waits(job, limits) or rate < limits.throughput_bytes_s or job.net_bytes < job.storage_bytes:
        return None
    return Finding(
        Cause.NETWORK_BOUND,
        f"It waits for the network: {size(rate)} a second come and go, and the cores work {percent(job.cores)} of one.",
        {"net_bytes_per_s": rate, "cores_used": job.cores},
        margin=rate / limits.throughput_bytes_s,
        change=submit_lines.streaming(),
    )


def io_bound(job: Figures, limits: Limits) -> Finding | None:
    """By the kernel's account of the wait, or where it keeps none by bytes that move beside cores that do not work."""
    rate, stalled = job.rate(job.storage_bytes), job.rate(job.io_wait_s)
    is_told = stalled >= limits.half and job.cores < limits.half * job.cpus
    if not is_told and (not _waits(job, limits) or rate < limits.throughput_bytes_s):
        return None
    return Finding(
        Cause.IO_BOUND,
        f"It waits for storage: {size(rate)} a second are fetched or written, and the cores work "
        f"{percent(job.cores)} of one.",
        {"storage_bytes_per_s": rate, "cores_used": job.cores, "threads_waiting_for_storage": stalled},
        margin=max(rate / limits.throughput_bytes_s, stalled / limits.half),
        change=submit_lines.local_copy() if _reads_most(job) else submit_lines.local_output(),
    )


def small_io(job: Figures, limits: Limits) -> Finding | None:
    rate, mean = job.rate(job.calls), job.call_bytes / max(job.calls, 1)
    if rate < limits.small_io_rate or mean >= limits.small_io_bytes:
        return None
    return Finding(
        Cause.SMALL_IO,
        f"It reads and writes in small pieces: {rate:,.0f} calls a second of {size(mean)} each.",
        {"calls_per_s": rate, "bytes_per_call": mean},
        margin=min(rate / limits.small_io_rate, limits.small_io_bytes / max(mean, 1)),
        change=submit_lines.SubmitChange(
            ("# in the program: read and write through a buffer of 1 MB or more",),
            ("# in the program: read and write through a buffer of 1 MB or more",),
        ),
    )


def small_files(job: Figures, limits: Limits) -> Finding | None:
    """By what is moved at a time: small files that are read in every epoch have much traffic each."""
    mean = job.files.bytes / max(job.files.calls, 1)
    if job.files.count < limits.many_files or mean >= limits.small_file_bytes:
        return None
    return Finding(
        Cause.SMALL_FILES,
        f"It goes through {job.files.count:,} files and moves {size(mean)} at a time.",
        {"files": job.files.count, "bytes_per_access": mean},
        margin=min(job.files.count / limits.many_files, limits.small_file_bytes / max(mean, 1)) + 0.5,
        change=submit_lines.one_archive(),
    )


def hot_file(job: Figures, limits: Limits) -> Finding | None:
    """One file is most of what is read, and it is read over and over or by many jobs at once."""
    files = job.files
    again = files.hottest_bytes / max(job.storage_read_bytes, files.hottest_bytes / 100, 1)
    shared = files.hottest_jobs >= limits.hot_jobs
    if not stands_out(files, limits) or (again < limits.hot_rereads and not shared):
        return None
    share = files.hottest_bytes / max(files.read_bytes, 1)
    others = f" {files.hottest_jobs} jobs read it." if shared else ""
    return Finding(
        Cause.HOT_FILE,
        f"One file is {percent(share)} of all that it reads, over and over: {size(files.hottest_bytes)} of "
        f"{files.hottest}.{others}",
        {"file": files.hottest, "bytes": files.hottest_bytes, "share": share, "jobs": files.hottest_jobs},
        margin=max(again / limits.hot_rereads, files.hottest_jobs / limits.hot_jobs),
        change=submit_lines.local_copy(),
    )


def stands_out(files: FileFigures, limits: Limits) -> bool:
    """Whether one file is most of what is read."""
    return files.hottest_bytes >= max(limits.hot_bytes, limits.hot_share * files.read_bytes)


def no_output(job: Figures, limits: Limits) -> Finding | None:
    """It computes and has written nothing in the later half of its time; where it has ended, not at its end either."""
    half = len(job.written) // 2
    if half < 2 or job.cores < limits.half:
        return None
    seconds = job.duration_s / len(job.written)
    later = sum(job.written[half:]) * seconds
    if later >= limits.output_bytes:
        return None
    return Finding(
        Cause.NO_OUTPUT,
        f"It computes and its output does not grow: {size(later)} written in the later half of its time. "
        "It may turn in a loop.",
        {"bytes_written_later": later, "cores_used": job.cores},
        margin=limits.output_bytes / max(later, limits.output_bytes / 4),
    )


def _reads_most(job: Figures) -> bool:
    return 2 * job.storage_read_bytes >= job.storage_bytes


def _waits(job: Figures, limits: Limits) -> bool:
    return not starved(job, limits) and job.wanted < limits.half * min(job.cpus, max(job.processes, 1))
