"""Slurm asked by its own commands, for sites without slurmrestd: their `--json` prints what slurmrestd answers.

No argument is ever read by a shell. What a command prints about the daemon that it cannot reach makes `SchedulerDown`,
anything else that it refuses `SchedulerRefused`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from pydantic import JsonValue

from ink_core.compute.options import SlurmOptions
from ink_core.compute.slurm.records import STDIN, Record
from ink_core.compute.slurm.sbatch import exported, options_of
from ink_core.compute.slurm.scontrol import beside, configuration, one_by_one, run
from ink_core.errors import SchedulerDown, SchedulerRefused

_NO_ANSWER = re.compile(
    r"[Uu]nable to contact|[Cc]onnect(ion)? (failure|refused)|timed out|Zero Bytes|configuration source"
)


class SlurmCommands:
    def __init__(self, options: SlurmOptions) -> None:
        self.options = options

    def close(self) -> None:
        """Nothing is kept open between two commands."""

    def jobs(self) -> Sequence[Record]:
        return self._asked("jobs", "scontrol", "show", "job", "--all")

    def job(self, job_id: str) -> Sequence[Record]:
        try:
            return self._asked("jobs", "scontrol", "show", "job", job_id)
        except SchedulerRefused:
            return ()

    def nodes(self) -> Sequence[Record]:
        return self._asked("nodes", "scontrol", "show", "node", "--all")

    def partitions(self) -> Sequence[Record]:
        return self._asked("partitions", "scontrol", "show", "partition", "--all")

    def associations(self, user: str) -> Sequence[Record]:
        return self._asked("associations", "sacctmgr", "show", "associations", f"user={user}")

    def accounted(self, user: str) -> Sequence[Record]:
        since = f"--starttime=now-{int(self.options.history_s)}seconds"
        return self._asked("jobs", "sacct", f"--user={user}", since, "--endtime=now")

    def shares(self) -> Sequence[Record]:
        return self._json("shares", "sshare", "--all")["shares"]

    def submit(self, script: str, job: Mapping[str, JsonValue]) -> str:
        arguments = cast(Sequence[str], job["argv"])[1:]
        argv = [beside(self.options, "sbatch"), "--parsable", *options_of(job), STDIN, *arguments]
        environment = exported(cast(Sequence[str], job["environment"])) | configuration()
        return self._run(argv, stdin=script, environment=environment).strip().partition(";")[0]

    def signal(self, job_ids: Sequence[str], signal: str | None) -> Mapping[str, str]:
        words = ["--ctld"] if signal is None else [f"--signal={signal}", "--full"]
        argv = [beside(self.options, "scancel"), *words]
        return one_by_one(lambda several: run(self.options, [*argv, *several]), job_ids)

    def _asked(self, kind: str, command: str, *words: str) -> Sequence[Record]:
        return cast(Sequence[Record], self._json(kind, command, *words))

    def _json(self, kind: str, command: str, *words: str) -> Any:
        printed = self._run([beside(self.options, command), f"--json={self.options.api_version}", *words])
        try:
            return json.loads(printed)[kind]
        except (ValueError, KeyError, TypeError):
            raise SchedulerDown(f"{command} printed no {kind} as JSON: is Slurm older than 23.11?") from None

    def _run(self, argv: Sequence[str], **how: Any) -> str:
        done = run(self.options, argv, **how)
        if done.returncode != 0:
            words = " ".join(done.stderr.split()) or f"{argv[0]} ended with {done.returncode}"
            raise (SchedulerDown if _NO_ANSWER.search(words) else SchedulerRefused)(f"Slurm refused: {words}")
        return done.stdout
