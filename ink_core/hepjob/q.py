"""`hep_q`: jobs in the queue, as columns with a footer of totals."""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from ink_core.compute.job_ids import family_of
from ink_core.hepjob import command
from ink_core.hepjob.clusters import clusters
from ink_core.hepjob.rest import Failed, Portal

LETTERS = {
    "SUBMITTING": "I", "QUEUEING": "I", "RUNNING": "R", "HOLDING": "H", "SUSPENDED": "S", "CANCELLED": "X",
    "COMPLETED": "C", "FAILED": "C", "TIMEOUT": "X", "OUT_OF_MEMORY": "C",
}  # fmt: skip
IN_QUEUE = "IRHS"
HEADER = f"{'JOBID':<14}{'OWNER':<13}{'SUBMITTED':<12}{'RUN_TIME':>12} {'ST':<3}{'PRI':<4}{'SIZE':<9}CMD"
TOTALS = {"completed": "C", "removed": "X", "idle": "I", "running": "R", "held": "H", "suspended": "S"}
PAGE = 2000
MOST_QUERIES = 10
ARRAY = re.compile(r"\d+(@.+)?")
"""The ids that the portal takes for `array`."""


def main(argv: Sequence[str] | None = None) -> int:
    return command.run(_options(), _show, argv)


def _options() -> argparse.ArgumentParser:
    options = command.parser("hep_q", "Show jobs in the queue: everybody's, or those that the options leave.")
    add = options.add_argument
    add("-u", dest="user", nargs="?", const="", metavar="USER", help="jobs of this user; without a name your own")
    add("-i", dest="ids", nargs="+", default=[], metavar="ID", help="these jobs or clusters, ended ones too")
    add("-hold", action="store_true", help="held jobs")
    add("-run", action="store_true", help="running jobs")
    add("-stat", choices=["I", "R", "C", "H", "X"], help="jobs in this state; C and X are ended ones")
    add("-g", dest="group", help="jobs of this group")
    add("-p", dest="pool", help="the pool (cluster) to ask; without it all that the experiments use")
    return options


def _show(portal: Portal, given: argparse.Namespace) -> int:
    owner = portal.get("/api/v1/me")["username"] if given.user == "" else given.user
    places = clusters(portal, given.pool)
    found = (_jobs(portal, owner or "*", place, query) for place in places for query in queries(given))
    jobs = [job for job in chain.from_iterable(found) if chosen(job, given)]
    if given.ids and not jobs:
        raise Failed(f"there is no job {' '.join(given.ids)}")
    print("\n".join(table(jobs)))
    return 0


def queries(given: argparse.Namespace) -> Sequence[Mapping[str, Any]]:
    """What the portal can leave out: a query for each of few jobs, or one for the states."""
    families = list(dict.fromkeys(map(family_of, given.ids)))
    if not families:
        letters = _letters(given)
        return [{"state": [state for state, letter in LETTERS.items() if letter in letters]}]
    asked_by = len(families) <= MOST_QUERIES and all(map(ARRAY.fullmatch, families))
    return [{"array": family} for family in families] if asked_by else [{}]


def _letters(given: argparse.Namespace) -> str:
    return "".join([given.stat or "", "H" * given.hold, "R" * given.run]) or IN_QUEUE


def _jobs(portal: Portal, owner: str, cluster: str, query: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    cursor = None
    while True:
        page = portal.get("/api/v1/jobs", owner=owner, cluster=cluster, limit=PAGE, cursor=cursor, **query)
        yield from page["jobs"]
        cursor = page["next_cursor"]
        if cursor is None:
            return


def chosen(job: dict[str, Any], given: argparse.Namespace) -> bool:
    letter = LETTERS.get(job["state"], "?")
    if given.ids:
        job_id = job["job_id"]
        return any(wanted in (job_id, family_of(job_id)) for wanted in given.ids)
    return letter in _letters(given) and (given.group is None or _group(job) == given.group)


def _group(job: dict[str, Any]) -> str:
    """Of `EXPERIMENT.group.walltime`, or the group as it is."""
    words = (job["group"] or "").split(".")
    return words[1] if len(words) > 2 else ".".join(words)


def table(jobs: Sequence[dict[str, Any]]) -> list[str]:
    """Header, a line for each job, and the footer."""
    counts = Counter(LETTERS.get(job["state"], "?") for job in jobs)
    totals = ", ".join(f"{counts[letter]} {word}" for word, letter in TOTALS.items())
    return [HEADER, *map(_line, jobs), "", f"{len(jobs)} jobs; {totals}"]


def _line(job: dict[str, Any]) -> str:
    words = [
        f"{job['job_id']:<13} {job['owner'][:12]:<12}",
        f"{_moment(job['submitted_at']):<11}{_run_time(job):>13}",
        f"{LETTERS.get(job['state'], '?'):<2} {job.get('priority') or 0:<3}",
        f"{float(job['memory_mb'] or 0):<8.1f} {_command(job['command'])}",
    ]
    return command.printable(" ".join(words)).rstrip()


def _moment(text: str | None) -> str:
    """In the time zone of this machine."""
    return datetime.fromisoformat(text).astimezone().strftime("%m/%d %H:%M") if text else ""


def _run_time(job: dict[str, Any]) -> str:
    """`D+HH:MM:SS` so far, or in all."""
    if not job["started_at"]:
        return "0+00:00:00"
    begun = datetime.fromisoformat(job["started_at"])
    until = datetime.fromisoformat(job["ended_at"]) if job["ended_at"] else datetime.now(begun.tzinfo)
    ran = max(until - begun, timedelta())
    hours, rest = divmod(ran.seconds, 3600)
    return f"{ran.days}+{hours:02}:{rest // 60:02}:{rest % 60:02}"


def _command(text: str) -> str:
    """Without the directory of the program."""
    program, space, arguments = text.partition(" ")
    return program.rpartition("/")[2] + space + arguments
