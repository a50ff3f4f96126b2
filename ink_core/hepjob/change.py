"""`hep_rm`, `hep_hold`, `hep_release` and `hep_edit`: act on jobs by id, on whole clusters, or on all one's own."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from ink_core.hepjob import command
from ink_core.hepjob.clusters import clusters
from ink_core.hepjob.rest import Failed, Portal


def remove(argv: Sequence[str] | None = None) -> int:
    return _run("hep_rm", "Remove jobs from the queue.", "remove_jobs", "removed", argv)


def hold(argv: Sequence[str] | None = None) -> int:
    return _run("hep_hold", "Put jobs on hold.", "hold_jobs", "held", argv)


def release(argv: Sequence[str] | None = None) -> int:
    return _run("hep_release", "Release held jobs.", "release_jobs", "released", argv)


def edit(argv: Sequence[str] | None = None) -> int:
    options = _options("hep_edit", "Change the memory of jobs that wait or are held; then release these (hep_release).")
    options.add_argument("-m", "-mem", dest="memory_mb", type=int, required=True, metavar="MB", help="memory")
    return command.run(options, lambda portal, given: _act(portal, "edit_jobs", "changed", given), argv)


def _run(name: str, does: str, tool: str, done: str, argv: Sequence[str] | None) -> int:
    return command.run(_options(name, does), lambda portal, given: _act(portal, tool, done, given), argv)


def _options(name: str, does: str) -> argparse.ArgumentParser:
    options = command.parser(name, does)
    which = options.add_mutually_exclusive_group(required=True)
    which.add_argument("ids", nargs="*", default=[], metavar="ID", help="a job (172.0), or a cluster of jobs (172)")
    which.add_argument("-a", dest="all", action="store_true", help="all your jobs")
    options.add_argument("-p", dest="pool", help="the pool (cluster) they are on; without it the one that has them")
    return options


def _act(portal: Portal, tool: str, done: str, given: argparse.Namespace) -> int:
    changes = {"memory_mb": given.memory_mb} if tool == "edit_jobs" else {}
    if given.all:
        result = _on_all(portal, tool, changes, given.pool)
    else:
        named = {"cluster": given.pool} if given.pool else {}
        result = portal.call(tool, {"job_ids": given.ids} | changes | named)
    print(f"{len(result['done'])} job(s) {done}")
    for job_id, why in result["refused"].items():
        print(command.printable(f"{job_id}: {why}"), file=sys.stderr)
    return 1 if result["refused"] else 0


def _on_all(portal: Portal, tool: str, changes: dict[str, Any], pool: str | None) -> dict[str, Any]:
    """All one's own jobs, wherever they are. What fails on one cluster keeps nobody from the others, and is told."""
    owner = portal.get("/api/v1/me")["username"]
    done: list[str] = []
    refused: dict[str, str] = {}
    nothing: Failed | None = None
    for cluster in clusters(portal, pool):
        try:
            result = portal.call(tool, {"owner": owner, "cluster": cluster} | changes)
        except Failed as error:
            if error.code == "job_not_found":
                nothing = error
            else:
                refused[cluster] = str(error)
        else:
            done += result["done"]
            refused |= result["refused"]
    if nothing is not None and not done and not refused:
        raise nothing
    return {"done": done, "refused": refused}
