"""`hep_clus`: how loaded the resources of a group are, or Slurm's partitions."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from ink_core.hepjob import command
from ink_core.hepjob.rest import Portal


def main(argv: Sequence[str] | None = None) -> int:
    options = command.parser("hep_clus", "Show the load of the resources of a group, or of Slurm.")
    which = options.add_mutually_exclusive_group(required=True)
    which.add_argument("-g", dest="group", help="the group whose resources are shown")
    which.add_argument("-slurm", action="store_true", help="the partitions of Slurm")
    options.add_argument("--walltime", action="store_true", help="jobs of the group by wall time")
    return command.run(options, _show, argv)


def _show(portal: Portal, given: argparse.Namespace) -> int:
    by_wall_time = "true" if given.walltime else None
    for load in portal.get("/api/v1/hepjob/load", group=given.group, by_wall_time=by_wall_time):
        print("\n".join(table(load, _first_column(given))))
    return 0


def _first_column(given: argparse.Namespace) -> str:
    if given.slurm:
        return "PARTITION"
    return "WALLTIME" if given.walltime else "GROUP"


def table(load: dict[str, Any], first: str) -> list[str]:
    used = f"{load['cpus_used']} of {load['cpus']} CPUs used on {load['nodes']} node(s)"
    header = f"{first:<16}{'RUNNING':>8}{'IDLE':>8}{'HELD':>8}{'CPUS':>8}"
    rows = [
        f"{command.printable(row['name']):<16}{row['running']:>8}{row['idle']:>8}{row['held']:>8}{row['cpus']:>8}"
        for row in load["rows"]
    ]
    return [f"{load['cluster']}: {used}", header, *rows]
