"""`hep_sub`: submits a script as one or several jobs of a group."""

from __future__ import annotations

import argparse
import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ink_core.hepjob import command
from ink_core.hepjob.rest import Failed, Portal

SUBMISSIONS = "/api/v1/hepjob/submissions"


def main(argv: Sequence[str] | None = None) -> int:
    return command.run(_options(), _submit, argv)


def _options() -> argparse.ArgumentParser:
    options = command.parser("hep_sub", "Submit a job script. %{ProcId} and %{ClusterId} stand for the job's numbers.")
    add = options.add_argument
    add("script", help="the job script; put it before -argu")
    add("-g", dest="group", help="group that the job is accounted to")
    add("-o", dest="output", metavar="FILE", help="standard output (default: SCRIPT.out.CLUSTER)")
    add("-e", dest="error", metavar="FILE", help="standard error (default: SCRIPT.err.CLUSTER)")
    add("-mem", "-m", dest="memory_mb", type=int, metavar="MB", help="memory of each job")
    add("-np", dest="cores", type=int, metavar="CORES", help="cores of each job")
    add("-n", dest="count", type=int, metavar="N", help="number of jobs")
    add("-argu", dest="arguments", nargs="+", default=[], metavar="ARG", help="arguments of the script")
    add("-os", dest="os", help="operating system: SL6, SL7, CentOS7 or AlmaLinux9")
    add("-wt", dest="wall_time", help="wall time: test, short, default, mid or long")
    add("-wn", dest="node", help="the worker node to run on")
    add("-gwn", dest="node_group", help="the group of worker nodes to run on")
    add("-prio", dest="priority", type=int, metavar="N", help="priority among your own jobs")
    add("-p", dest="pool", help="the pool (cluster) to submit to")
    add("-u", dest="universe", help="the universe; only vanilla is offered")
    add("-name", dest="name", metavar="TAG", help="name of the job")
    add("-dir", dest="directory", metavar="DIR", help="working directory")
    add("-schedd", dest="schedd", metavar="HOST", help="the schedd of the pool to submit to")
    return options


def _submit(portal: Portal, given: argparse.Namespace) -> int:
    made = portal.post(SUBMISSIONS, request(given))
    print(f"{len(made['job_ids'])} job(s) submitted to cluster {made['cluster_id']}")
    return 0


def request(given: argparse.Namespace) -> dict[str, Any]:
    """What is asked of the portal: only what was given."""
    wished: dict[str, Any] = {
        name: getattr(given, name)
        for name in (
            "group", "output", "error", "memory_mb", "cores", "count", "os", "wall_time", "node", "node_group",
            "priority", "universe", "name",
        )
    }  # fmt: skip
    script, directory = _place(given.script, given.directory)
    wished |= {
        "script": script,
        "directory": directory,
        "arguments": [word for text in given.arguments for word in _words(text)],
        "cluster": given.pool,
        "schedd": given.schedd,
    }
    return {name: value for name, value in wished.items() if value not in (None, [])}


def _place(script: str, directory: str | None) -> tuple[str, str | None]:
    """Where this machine shares the files of the cluster, the job works where one stands; else from one's home."""
    there = Path(directory or os.getcwd())
    if (there / script).is_file():
        return str((there / script).absolute()), str(there.absolute())
    return script, directory


def _words(text: str) -> list[str]:
    """One `-argu` may hold several arguments, as in `-argu "1 2"`."""
    try:
        return shlex.split(text)
    except ValueError as error:
        raise Failed(f"-argu {text!r} cannot be split into arguments: {error}") from error
