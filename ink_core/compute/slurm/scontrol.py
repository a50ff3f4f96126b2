"""Runs Slurm's own commands, as this process's user; no argument is ever read by a shell.

Whatever else asks Slurm, `scontrol` holds, releases and changes jobs: slurmrestd cannot for single tasks of arrays.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ink_core.compute.options import SlurmOptions
from ink_core.errors import SchedulerDown

JOBS_AT_ONCE = 100


def for_jobs(options: SlurmOptions, words: Sequence[str], job_ids: Sequence[str], prefix: str = "") -> dict[str, str]:
    """`scontrol WORDS… PREFIX job,job,…`; tells of each job that was refused why."""
    verb, *rest = words
    return one_by_one(lambda ids: run(options, [options.scontrol, verb, prefix + ",".join(ids), *rest]), job_ids)


def one_by_one(
    command: Callable[[Sequence[str]], subprocess.CompletedProcess[str]], job_ids: Sequence[str]
) -> dict[str, str]:
    """The command for many jobs at once, and one by one where not all went well: of each that was refused why."""
    refused: dict[str, str] = {}
    for start in range(0, len(job_ids), JOBS_AT_ONCE):
        several = job_ids[start : start + JOBS_AT_ONCE]
        if len(several) > 1 and _refusal(command(several)) is None:
            continue
        answers = {job_id: _refusal(command([job_id])) for job_id in several}
        refused |= {job_id: why for job_id, why in answers.items() if why is not None}
    return refused


def _refusal(done: subprocess.CompletedProcess[str]) -> str | None:
    return None if done.returncode == 0 else done.stderr.strip() or f"{done.args[0]} ended with {done.returncode}"


def run(
    options: SlurmOptions,
    argv: Sequence[str],
    *,
    stdin: str = "",
    directory: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """One command to its end. Raises `SchedulerDown` where it does not start, or not end in time.

    Anybody may give a job a name that is no text: what they are told of it is replaced by U+FFFD.
    """
    try:
        return subprocess.run(
            argv, input=stdin, cwd=directory, env=environment,
            capture_output=True, encoding="utf-8", errors="replace", timeout=options.deadline_s, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SchedulerDown(f"{argv[0]} failed: {error}") from error


def beside(options: SlurmOptions, command: str) -> str:
    """Another of Slurm's commands, from where `scontrol` is."""
    return str(Path(options.scontrol).with_name(command))


def configuration() -> dict[str, str]:
    """The variable that says where Slurm's configuration is, if this process has it."""
    return {name: os.environ[name] for name in ("SLURM_CONF",) if name in os.environ}
