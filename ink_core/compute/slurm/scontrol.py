"""What slurmrestd cannot do: hold, release and change single tasks of arrays, and submit a batch script as it is.

Slurm's own commands, as this process's user; no argument is ever read by a shell.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence

from ink_core.compute.options import SlurmOptions
from ink_core.errors import SchedulerDown

JOBS_AT_ONCE = 100


def for_jobs(options: SlurmOptions, words: Sequence[str], job_ids: Sequence[str], prefix: str = "") -> dict[str, str]:
    """`scontrol WORDS… PREFIX job,job,…`: many at once, and one by one where not all went well.

    Tells of each job that was refused why.
    """
    refused: dict[str, str] = {}
    for start in range(0, len(job_ids), JOBS_AT_ONCE):
        several = job_ids[start : start + JOBS_AT_ONCE]
        if len(several) > 1 and _refusal(options, words, prefix + ",".join(several)) is None:
            continue
        answers = {job_id: _refusal(options, words, prefix + job_id) for job_id in several}
        refused |= {job_id: why for job_id, why in answers.items() if why is not None}
    return refused


def _refusal(options: SlurmOptions, words: Sequence[str], jobs: str) -> str | None:
    verb, *rest = words
    done = run(options, [options.scontrol, verb, jobs, *rest])
    return None if done.returncode == 0 else done.stderr.strip() or f"scontrol ended with {done.returncode}"


def run(
    options: SlurmOptions,
    argv: Sequence[str],
    *,
    stdin: str = "",
    directory: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """One command to its end. Raises `SchedulerDown` where it does not start, or not end in time."""
    try:
        return subprocess.run(
            argv, input=stdin, cwd=directory, env=environment,
            capture_output=True, text=True, timeout=options.deadline_s, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SchedulerDown(f"{argv[0]} failed: {error}") from error
