"""Lines of submit files, for HTCondor and for Slurm."""

from __future__ import annotations

import math

from joblens.verdicts.limits import MIB
from joblens.verdicts.verdict import SubmitChange

STEP_MIB = 100


def cpus(number: int, hosts: int) -> SubmitChange:
    """So many on all hosts together: what is asked for is for each machine (HTCondor), and for each task (Slurm)."""
    each = math.ceil(number / hosts)
    return SubmitChange((f"request_cpus = {each}",), (*_tasks_on(hosts), f"#SBATCH --cpus-per-task={each}"))


def _tasks_on(hosts: int) -> tuple[str, ...]:
    return (f"# with one task on each of the {hosts} hosts:",) if hosts > 1 else ()


def memory(size_bytes: float) -> SubmitChange:
    """Rounded up to whole hundreds of MiB."""
    mib = max(STEP_MIB, -(-int(size_bytes / MIB) // STEP_MIB) * STEP_MIB)
    return SubmitChange((f"request_memory = {mib}MB",), (f"#SBATCH --mem={mib}M",))


def threads(number: int, hosts: int) -> SubmitChange:
    """As many as cores, which are counted as by `cpus`."""
    of_cpus = cpus(number, hosts)
    return SubmitChange(
        (*of_cpus.htcondor, 'environment = "OMP_NUM_THREADS=$(request_cpus)"'),
        (*of_cpus.slurm, "export OMP_NUM_THREADS=$SLURM_CPUS_PER_TASK"),
    )


def no_gpu() -> SubmitChange:
    return SubmitChange(("# leave out: request_gpus",), ("# leave out: #SBATCH --gpus, --gres=gpu",))


def local_copy() -> SubmitChange:
    """The input is brought to the node's own disk before the job starts."""
    return SubmitChange(
        ("should_transfer_files = YES", "transfer_input_files = <the files that the job reads>"),
        ('cp <the files that the job reads> "$TMPDIR"/  # before the program starts, which then reads them there',),
    )


def local_output() -> SubmitChange:
    """The output is written to the node's own disk, and brought away when the job has ended."""
    return SubmitChange(
        ("should_transfer_files = YES", "transfer_output_files = <the files that the job writes, in its directory>"),
        ('cp "$TMPDIR"/<the files that the job writes> <where they belong>  # after the program has written them',),
    )


def one_archive() -> SubmitChange:
    return SubmitChange(
        ("transfer_input_files = <one .tar of the small files>", "# the job unpacks it in its scratch directory"),
        ('tar -xf <one .tar of the small files> -C "$TMPDIR"',),
    )


def merged(jobs: int) -> SubmitChange:
    """As many of these jobs' inputs in each job."""
    return SubmitChange(
        (f"# let each job work on {jobs} inputs: pass a range in arguments, and queue 1/{jobs} as many",),
        (f"# --array with 1/{jobs} as many tasks, each in a loop over {jobs} inputs",),
    )


def streaming() -> SubmitChange:
    return SubmitChange(
        ("# bring the input near: transfer_input_files, or a replica at this site (root:// of the local storage)",),
        ("# bring the input near: stage it to the site's file system before the job, or read a local replica",),
    )
